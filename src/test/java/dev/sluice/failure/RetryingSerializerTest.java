package dev.sluice.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.registry.IncompatibleSchemaException;
import dev.sluice.registry.RegistryUnavailableException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RetryingSerializerTest {
  private static final byte[] BYTES = {1};

  private final List<Integer> waited = new ArrayList<>();

  @Test
  void shouldWriteOnceTheOutageIsOver() {
    var serializer = patient(2, () -> new RegistryUnavailableException("down", null), 9);

    assertThat(serializer.serialize("t", new RecordHeaders(), "v")).isEqualTo(BYTES);
    assertThat(waited).containsExactly(1, 2);
  }

  @Test
  void shouldTakeAConnectionThatFailsUnderAnotherSerializerForAnOutage() {
    var serializer =
        patient(1, () -> new SerializationException("no id", new ConnectException("refused")), 9);

    assertThat(serializer.serialize("t", "v")).isEqualTo(BYTES);
    assertThat(waited).containsExactly(1);
  }

  @ParameterizedTest
  @MethodSource({
    "dev.sluice.serde.ConfluentFailures#outages",
    "dev.sluice.serde.ConfluentFailures#notFoundByOthers"
  })
  void shouldWaitForARegistryThatConfluentsSerializerCannotAsk(RuntimeException outage) {
    var serializer = patient(2, () -> outage, 9);

    assertThat(serializer.serialize("t", "v")).isEqualTo(BYTES);
    assertThat(waited).containsExactly(1, 2);
  }

  @ParameterizedTest
  @MethodSource("dev.sluice.serde.ConfluentFailures#refusals")
  void shouldNotWaitForWhatTheRegistryRefusesConfluentsSerializer(RuntimeException refusal) {
    var serializer = patient(1, () -> refusal, 9);

    assertThatThrownBy(() -> serializer.serialize("t", "v")).isSameAs(refusal);
    assertThat(waited).isEmpty();
  }

  @Test
  void shouldGiveUpWhenPatienceEnds() {
    var serializer = patient(5, () -> new RegistryUnavailableException("down", null), 3);

    assertThatThrownBy(() -> serializer.serialize("t", "v"))
        .isInstanceOf(RegistryUnavailableException.class);
    assertThat(waited).containsExactly(1, 2, 3);
  }

  @Test
  void shouldNotWaitForWhatTheRegistryRefuses() {
    var serializer = patient(1, () -> new IncompatibleSchemaException("no default"), 9);

    assertThatThrownBy(() -> serializer.serialize("t", "v"))
        .isInstanceOf(IncompatibleSchemaException.class);
    assertThat(waited).isEmpty();
  }

  private RetryingSerializer patient(
      int failures, Supplier<RuntimeException> trouble, int triesMax) {
    var left = new int[] {failures};
    Serializer<Object> failing =
        (topic, value) -> {
          if (left[0]-- > 0) {
            throw trouble.get();
          }
          return BYTES;
        };
    return new RetryingSerializer(
        failing,
        (tries, e) -> {
          waited.add(tries);
          return tries < triesMax;
        });
  }
}
