package dev.sluice.dev.bench;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class RecordMixTest {

  private static ConsumerRecord<byte[], byte[]> record(String topic, int keyBytes, int bytes) {
    return new ConsumerRecord<>(
        topic, 0, 0, new byte[keyBytes], bytes < 0 ? null : new byte[bytes]);
  }

  @Test
  void shouldCountTheRecordsAndBytesOfEachTopic() {
    var mix = new RecordMix("run-");
    mix.accept(record("run-statuses", 10, 90));
    mix.accept(record("run-statuses", 10, 90));
    mix.accept(record("run-state", 10, -1));

    assertThat(mix.countsPer(2)).isEqualTo(Map.of("statuses", 1.0, "state", 0.5));
    assertThat(mix.bytesMean()).isEqualTo(70);
    assertThat(mix.value(2)).isNull();
    assertThat(mix.key(5, 0)).hasSize(10);
  }

  @Test
  void shouldKeepTheProportionsOfMoreRecordsThanItKeeps() {
    var mix = new RecordMix("");
    for (int i = 0; i < 30_000; i++) {
      mix.accept(record("small", 1, 1));
    }
    for (int i = 0; i < 10_000; i++) {
      mix.accept(record("large", 1, 2));
    }

    var large =
        IntStream.range(0, 5000).filter(i -> requireNonNull(mix.value(i)).length == 2).count();
    assertThat(large).isBetween(1100L, 1400L);
  }
}
