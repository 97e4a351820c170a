package dev.sluice.product.stage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.RejectionReason;
import dev.sluice.limits.SizeLimits;
import dev.sluice.product.Decision;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;

class RejectionSizeTest {
  private static final String ENDLESS = "日".repeat(100_000);

  /** Every part is as large as it may be to be kept, and every text is endless. */
  @Test
  void largestRejectedRecordStaysBelowItsLimit() {
    var key = new byte[SizeLimits.EVENT_KEY];
    var headers = new RecordHeaders().add("h", new byte[SizeLimits.EVENT_HEADERS - 100]);
    var value = new byte[SizeLimits.REJECTED_KEPT - key.length - SizeLimits.EVENT_HEADERS];
    var rejected =
        Rejection.of(
            new Record<>(key, value, 0, headers),
            null,
            ENDLESS,
            new Decision.Rejected(RejectionReason.UNREADABLE, ENDLESS),
            0);

    assertThat(rejected.key()).isSameAs(key);
    assertThat(rejected.value()).isSameAs(value);
    long size = rejected.key().length + rejected.value().length;
    for (var header : rejected.headers()) {
      size += 10 + header.key().getBytes(UTF_8).length + header.value().length;
    }
    assertThat(rejected.headers().lastHeader("h").value()).hasSize(SizeLimits.EVENT_HEADERS - 100);
    assertThat(size).isBetween((long) SizeLimits.REJECTED_KEPT, (long) SizeLimits.REJECTED);
  }
}
