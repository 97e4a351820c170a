package dev.sluice.serde;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.sluice.avro.AccessAction;
import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.AccessRequested;
import dev.sluice.avro.CommandReason;
import dev.sluice.avro.DataSource;
import dev.sluice.avro.ProductEvent;
import dev.sluice.avro.internal.AccessUpdate;
import dev.sluice.avro.internal.StoredProductCopy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
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

  @Test
  void shouldRefuseBytesAfterTheRecord() {
    var good = COPIES.serializer().serialize("store", copy());

    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(
            () -> COPIES.deserializer().deserialize("store", Arrays.copyOf(good, good.length + 1)))
        .withStackTraceContaining("bytes are left after the record");
  }

  /** Returns the bytes before a length, for every record that holds one. */
  static Stream<Arguments> lengths() {
    var payloads = ProductEvent.getClassSchema().getField("payload").schema();
    var request = payloads.getIndexNamed(AccessRequested.class.getName());
    return Stream.of(
        arguments(AccessUpdate.class, new byte[0]), // a string
        arguments(StoredProductCopy.class, new byte[] {2, 1}), // an array
        arguments(
            ProductEvent.class, // a map
            new byte[] {0, 0, 0, 0, 0, (byte) (request * 2), 0, 0, 0}));
  }

  @ParameterizedTest
  @MethodSource("lengths")
  void shouldNotAllocateWhatIsOnlyClaimed(Class<? extends SpecificRecordBase> type, byte[] before)
      throws IOException {
    var bytes = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    var claims = new ArrayList<byte[]>();
    for (var claimed :
        new long[] {100_000_000, 500_000_000, Integer.MAX_VALUE - 8L, -500_000_000}) {
      claims.add(claiming(type, before, claimed));
    }
    try (var deserializer = new SingleObjectSerde<>(type).deserializer()) {
      for (var claim : claims) {
        var allocated = bytes.getCurrentThreadAllocatedBytes();

        assertThatExceptionOfType(SerializationException.class)
            .isThrownBy(() -> deserializer.deserialize("t", claim));

        assertThat(bytes.getCurrentThreadAllocatedBytes() - allocated).isLessThan(20 << 20);
      }
    }
  }

  private static byte[] claiming(Class<?> type, byte[] before, long claimed) throws IOException {
    var out = new ByteArrayOutputStream();
    var fingerprint = SchemaNormalization.parsingFingerprint64(SpecificData.get().getSchema(type));
    out.write(new byte[] {(byte) 0xC3, 1});
    out.write(
        ByteBuffer.allocate(Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(fingerprint)
            .array());
    out.write(before);
    var encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    encoder.writeLong(claimed);
    out.write(new byte[] {2, 'x'});
    return out.toByteArray();
  }

  private static StoredProductCopy copy() {
    return new StoredProductCopy(
        3L, true, List.of(new DataSource("s1", "Snowflake")), false, "e1", 5L, 6L, 7L, null, null);
  }
}
