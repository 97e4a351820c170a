package dev.sluice.event.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.event.Events;
import dev.sluice.event.codec.EventJson.InvalidJsonException;
import dev.sluice.user.UserEvents;
import org.junit.jupiter.api.Test;

class UserEventJsonTest {
  private static final String LINE =
      "{\"eventId\":\"e1\",\"userId\":\"ana\",\"occurredAt\":\"2026-01-05T09:00:00Z\","
          + "\"actor\":\"hr\",\"type\":\"UserDeactivated\",\"data\":{\"reason\":\"left\"}}";

  @Test
  void shouldReadWhatItWrites() throws InvalidJsonException {
    for (var event :
        new dev.sluice.event.Event[] {
          UserEvents.sequenced(1, UserEvents.deactivated("ana", "left")),
          UserEvents.reactivated("ana"),
          Events.suspended("p1")
        }) {
      assertThat(EventJson.read(EventJsonWriter.of(event).toString())).isEqualTo(event);
    }
  }

  @Test
  void shouldReadAnEventAboutAUserByItsType() throws InvalidJsonException {
    assertThat(EventJson.read(LINE).key()).isEqualTo("ana");
    assertThat(EventJson.read(LINE).type()).isEqualTo("UserDeactivated");
  }

  @Test
  void shouldNameAFieldThatAnEventAboutAUserDoesNotHave() {
    invalid(LINE.replace("userId", "productId"), "productId");
    invalid(LINE.replace("reason", "until"), "until");
    invalid(LINE.replace("UserDeactivated", "UserDeleted"), "UserReactivated");
  }

  private static void invalid(String line, String named) {
    assertThatExceptionOfType(InvalidJsonException.class)
        .isThrownBy(() -> EventJson.read(line))
        .withMessageContaining(named);
  }

  @Test
  void shouldNotTakeItForAnEventAboutAProduct() {
    assertThatExceptionOfType(InvalidJsonException.class)
        .isThrownBy(() -> EventJson.parse(LINE))
        .withMessageContaining("about a user");
  }
}
