package dev.sluice.topology;

import static dev.sluice.event.Events.allRevoked;
import static dev.sluice.event.Events.approved;
import static dev.sluice.event.Events.deleted;
import static dev.sluice.event.Events.event;
import static dev.sluice.event.Events.published;
import static dev.sluice.event.Events.replaced;
import static dev.sluice.event.Events.source;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.event.DataSource;
import dev.sluice.event.Payload;
import dev.sluice.product.Rejection;
import dev.sluice.product.RejectionReason;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of events that would make a product or a request too large. */
class TooLargeTopologyTest {
  private static final String TOO_LONG = "x".repeat(1_000_000);

  private final Driver driver = new Driver();

  @AfterEach
  void close() {
    driver.close();
  }

  @Test
  void shouldGrantTenThousandSourcesAndLeaveThemWhereTooManyWouldReplaceThem() {
    driver.given(published("p1", many(10_000)));

    driver.put(approved("p1", "r1", "ana"));
    assertThat(driver.commands()).hasSize(10_000);
    assertThat(driver.productStatuses()).hasSize(1);

    driver.put(replaced("p1", many(20_000)));
    assertThat(driver.commands()).isEmpty();
    assertThat(driver.productStatuses()).isEmpty();
    assertThat(driver.outcomes()).containsExactly("applied", "too_large");
    var headers = driver.rejected().getFirst().headers();
    assertThat(text(headers.lastHeader(Rejection.REASON).value())).isEqualTo("TOO_LARGE");
    assertThat(text(headers.lastHeader(Rejection.MESSAGE).value()))
        .contains("\"p1\"", "(20,000)", "1,000,000");
    assertThat(text(headers.lastHeader(Rejection.REMEDY).value()))
        .isEqualTo(RejectionReason.TOO_LARGE.remedy());

    driver.put(allRevoked("p1", "ana"));
    assertThat(driver.commands()).hasSize(10_000);
  }

  @Test
  void shouldNotKnowAProductThatWasTooLarge() {
    driver.put(published("p1", many(20_000)));

    assertThat(driver.outcomes()).containsExactly("too_large");
    assertThat(driver.keys("products")).isEmpty();
    assertThat(driver.productStatuses()).isEmpty();
  }

  @Test
  void shouldChangeNothingByReasonsThatAreTooLong() {
    driver.given(published("p1", "s1"), approved("p1", "r1", "ana"));

    driver.put(event("p1", "r1", new Payload.AccessRevoked("r1", "ana", TOO_LONG)));
    driver.put(deleted("p1", TOO_LONG));

    assertThat(driver.outcomes()).containsExactly("too_large", "too_large");
    assertThat(driver.commands()).isEmpty();
    assertThat(driver.requestStatuses()).isEmpty();
    assertThat(driver.productStatuses()).isEmpty();
    assertThat(driver.keys("memberships")).containsExactly("ana|p1");
    assertThat(driver.keys("deletions")).isEmpty();
  }

  private static List<DataSource> many(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> source("source-".repeat(8) + (1000 + i)))
        .toList();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }
}
