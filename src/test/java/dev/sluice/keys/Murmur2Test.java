package dev.sluice.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds our own hash to that of Kafka's clients, and to values that must never change. */
@Execution(ExecutionMode.CONCURRENT)
class Murmur2Test {

  @Test
  void shouldHashAnyBytesAsKafkasClientsDo() {
    var random = new Random(20_261_130);
    for (int i = 0; i < 20_000; i++) {
      var key = new byte[i % 300];
      random.nextBytes(key);
      int count = 1 + random.nextInt(200);

      assertThat(Murmur2.hash(key)).isEqualTo(Utils.murmur2(key));
      assertThat(Murmur2.partition(key, count))
          .isEqualTo(BuiltInPartitioner.partitionForKey(key, count));
    }
  }

  @ParameterizedTest
  @CsvSource({"21,-973932308", "foobar,-790332482", "a-little-bit-long-string,-985981536"})
  void shouldHashAsItAlwaysDid(String key, int hash) {
    assertThat(Murmur2.hash(key.getBytes(UTF_8))).isEqualTo(hash);
  }
}
