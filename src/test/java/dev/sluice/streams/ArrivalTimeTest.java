package dev.sluice.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArrivalTimeTest {
  private static final long NOW = 1_000;

  @ParameterizedTest
  @CsvSource({
    "999, 500, 999",
    "0, 500, 0",
    "1001, 500, 1000",
    "9223372036854775807, 500, 1000",
    "-1, 500, 500",
    "-1, -1, 0",
    "-9223372036854775808, 700, 700",
    "-1, 9223372036854775807, 1000",
  })
  void shouldTakeATimeThatIsNeitherMissingNorStillToCome(
      long timestamp, long partitionTime, long expected) {
    var record =
        new ConsumerRecord<Object, Object>(
            "t",
            0,
            0,
            timestamp,
            TimestampType.CREATE_TIME,
            0,
            0,
            null,
            null,
            new RecordHeaders(),
            Optional.empty());

    assertThat(new ArrivalTime(() -> NOW).extract(record, partitionTime)).isEqualTo(expected);
  }
}
