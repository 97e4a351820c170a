package dev.sluice.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.RejectionReason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RejectionLogTest {
  private final List<String> said = new ArrayList<>();
  private long nowMs;
  private final RejectionLog log =
      new RejectionLog("rejected-events", () -> nowMs * 1_000_000, said::add);

  @AfterEach
  void close() {
    log.close();
  }

  private void reject(int offset) {
    log.rejected(
        RejectionReason.UNKNOWN_PRODUCT,
        "product \"p9\" was never published",
        "product-events-2 offset " + offset);
  }

  @Test
  void shouldSayTheFirstAtOnce() {
    reject(17);

    assertThat(said)
        .containsExactly(
            "1 event rejected: UNKNOWN_PRODUCT product \"p9\" was never published"
                + " (product-events-2 offset 17); see topic rejected-events");
  }

  @Test
  void shouldSumUpWhatFollows() {
    for (int i = 0; i < 1000; i++) {
      reject(i);
      nowMs += 9;
      log.logIfDue();
    }
    assertThat(said).hasSize(1);

    nowMs += 1000;
    log.logIfDue();
    nowMs += 20_000;
    log.logIfDue();

    assertThat(said).hasSize(2);
    assertThat(said.getLast())
        .startsWith("999 events rejected since the last warning, the latest: UNKNOWN_PRODUCT")
        .contains("offset 999");
  }

  @Test
  void shouldSayInTheEndWhatWasNotSaid() {
    reject(1);
    reject(2);

    log.close();

    assertThat(said).hasSize(2);
  }

  @Test
  void shouldKeepToOneLine() {
    log.rejected(RejectionReason.INVALID_ID, "id \"a\nERROR forged\"", "t-0 offset 1");

    assertThat(said).singleElement().asString().contains("a\\u000aERROR").doesNotContain("\n");
  }

  @Test
  void shouldKeepToOneLineWhateverTheEventIsCalled() {
    log.rejected(RejectionReason.UNKNOWN_PRODUCT, "why", "AccessRevoked e\n\u001b[2J by x, t-0");

    assertThat(said)
        .singleElement()
        .asString()
        .contains("e\\u000a\\u001b[2J by x, t-0")
        .doesNotContain("\n");
  }
}
