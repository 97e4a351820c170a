package dev.sluice.serde;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.avro.AccessAction;
import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.CommandReason;
import dev.sluice.avro.DataSource;
import dev.sluice.avro.internal.StoredProductCopy;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SingleObjectSerdeTest {
  private static final SingleObjectSerde<StoredProductCopy> COPIES =
      new SingleObjectSerde<>(StoredProductCopy.class);
  private static final SingleObjectSerde<AccessCommand> COMMANDS =
      new SingleObjectSerde<>(AccessCommand.class);

  @Test
  void shouldReadWhatItWrote() {
    var bytes = COPIES.serializer().serialize("store", copy());

    assertThat(COPIES.deserializer().deserialize("store", bytes)).isEqualTo(copy());
  }

  @Test
  void shouldReadTimesAndEnumsThatItWrote() {
    var command =
        new AccessCommand(
            AccessAction.REVOKE,
            "ana",
            "s1",
            "Snowflake",
            "p1",
            CommandReason.SOURCE_REMOVED,
            "e1",
            7L,
            Instant.parse("2026-01-05T09:00:00.123Z"),
            0);

    var bytes = COMMANDS.serializer().serialize("t", command);

    assertThat(COMMANDS.deserializer().deserialize("t", bytes)).isEqualTo(command);
  }

  @Test
  void shouldStartWithTheMarkerOfTheEncoding() {
    assertThat(COPIES.serializer().serialize("store", copy()))
        .startsWith(new byte[] {(byte) 0xC3, 1});
  }

  @Test
  @SuppressWarnings("NullAway") // as Kafka has it
  void shouldLeaveNullAsItIs() {
    assertThat(COPIES.serializer().serialize("store", null)).isNull();
    assertThat(COPIES.deserializer().deserialize("store", (byte[]) null)).isNull();
  }

  static Stream<byte[]> garbage() {
    var good = COPIES.serializer().serialize("store", copy());
    var otherSchema = good.clone();
    otherSchema[5]++;
    return Stream.of(
        new byte[0],
        new byte[] {1},
        "{}".getBytes(UTF_8),
        otherSchema,
        Arrays.copyOf(good, 10),
        Arrays.copyOf(good, good.length - 3));
  }

  @ParameterizedTest
  @MethodSource("garbage")
  void shouldRefuseGarbage(byte[] garbage) {
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> COPIES.deserializer().deserialize("store", garbage))
        .withMessage("cannot decode from store");
  }

  @Test
  void shouldRefuseAnotherRecord() {
    var bytes = COPIES.serializer().serialize("store", copy());

    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> COMMANDS.deserializer().deserialize("t", bytes));
  }

  private static StoredProductCopy copy() {
    return new StoredProductCopy(
        3L, true, List.of(new DataSource("s1", "Snowflake")), false, "e1", 5L, 6L, 7L, null, null);
  }
}
