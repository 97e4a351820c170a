package dev.sluice.startup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class BrokerOutageLogTest {
  private static final TimeoutException WHY = new TimeoutException("no node");

  private final List<String> said = new ArrayList<>();
  private long nowNs;
  private final BrokerOutageLog outage = new BrokerOutageLog("kafka:9092", () -> nowNs, said::add);

  private void unansweredFor(int seconds) {
    for (int i = 0; i < seconds; i++) {
      var asked = nowNs;
      nowNs += Duration.ofSeconds(1).toNanos();
      outage.noAnswer(asked, WHY);
    }
  }

  @Test
  void shouldSayHalfMinuteByHalfMinuteThatNobodyAnswersAndThenThatSomebodyDoes() {
    unansweredFor(70);
    outage.answer();
    outage.answer();

    assertThat(said)
        .containsExactly(
            "waiting: Kafka at kafka:9092 has not answered for 5 s; nothing is lost: no node",
            "waiting: Kafka at kafka:9092 has not answered for 35 s; nothing is lost: no" + " node",
            "waiting: Kafka at kafka:9092 has not answered for 65 s; nothing is lost: no" + " node",
            "Kafka answers again, after 70 s");
  }

  @Test
  void shouldBeSilentAboutAShortOne() {
    unansweredFor(4);
    outage.answer();

    assertThat(said).isEmpty();
  }
}
