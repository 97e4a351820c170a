package dev.sluice.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.dev.registry.MockSchemaRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class MalformedPayloadTest {
  private static final String SCOPE = "malformed-payload-test";
  private static final String TOPIC = "product-events";

  private final MockSchemaRegistry registry = MockSchemaRegistry.of(SCOPE);
  private final ConfluentAvroSerializer serializer = new ConfluentAvroSerializer();
  private final ConfluentAvroDeserializer deserializer = deserializer(Map.of());

  MalformedPayloadTest() {
    serializer.configure(Map.of("schema.registry.url", "mock://" + SCOPE), false);
  }

  @AfterEach
  void dropScope() {
    MockSchemaRegistry.drop(SCOPE);
  }

  @Test
  void shouldRejectTruncatedPayload() {
    byte[] payload = write(TOPIC, Records.published());
    for (int length = 0; length < payload.length; length++) {
      assertRejected(Arrays.copyOf(payload, length), length < 5 ? "too short" : "schema 1");
    }
  }

  @Test
  void shouldRejectTrailingBytes() {
    byte[] payload = write(TOPIC, Records.published());
    assertRejected(Arrays.copyOf(payload, payload.length + 1), "bytes are left");
    assertThat(deserializer.deserialize(TOPIC, payload)).isEqualTo(Records.published());
  }

  @Test
  void shouldRejectAnotherFormatOrSchemaId() {
    assertRejected("{\"json\":true}".getBytes(UTF_8), "byte 123");
    assertRejected(new byte[] {0, 0, 0, 0, 99, 1}, "id 99");
    assertRejected(new byte[] {0, -1, -1, -1, -1, 1}, "negative");
  }

  @Test
  void shouldRejectRandomPayloadsAndNothingElse() {
    Random random = new Random(20260301);
    byte[] good = write(TOPIC, Records.published());
    write("c", Records.command());
    int rejected = 0;
    for (int i = 0; i < 2000; i++) {
      byte[] payload;
      if (i % 2 == 0) {
        payload = new byte[random.nextInt(200)];
        random.nextBytes(payload);
        if (payload.length >= 5 && i % 4 == 0) {
          ByteBuffer.wrap(payload).put((byte) 0).putInt(1 + random.nextInt(2));
        }
      } else {
        payload = good.clone();
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
          payload[random.nextInt(payload.length)] = (byte) random.nextInt();
        }
      }
      try {
        // A changed letter of a text can still be a record.
        assertThat(deserializer.deserialize(TOPIC, payload)).isNotNull();
      } catch (SerializationException expected) {
        rejected++;
      }
    }
    assertThat(rejected).isGreaterThan(1000);
    assertThat(deserializer.deserialize(TOPIC, good)).isEqualTo(Records.published());
  }

  @Test
  void shouldRejectHugeLengthsWithoutAllocatingThem() throws Exception {
    write(TOPIC, Records.published());
    Schema nothings =
        new Schema.Parser()
            .parse(
                """
                {"type":"record","name":"test.Nothings","fields":[
                  {"name":"items","type":{"type":"array","items":"null"}}]}\
                """);
    int nothingsId = registry.register("nothings", nothings);
    for (long length : new long[] {Integer.MAX_VALUE - 8, Integer.MAX_VALUE, Long.MAX_VALUE}) {
      assertRejected(payload(1, encoder -> encoder.writeLong(length)), "schema 1");
      assertRejected(
          payload(
              nothingsId,
              encoder -> {
                encoder.writeLong(length);
                encoder.writeLong(0);
              }),
          "takes no bytes");
    }
    assertRejected(payload(1, encoder -> encoder.writeLong(-1)), "schema 1");
  }

  @Test
  void shouldRejectEndlessNesting() throws Exception {
    Schema nested =
        new Schema.Parser()
            .parse(
                """
                {"type":"record","name":"test.Node","fields":[
                  {"name":"next","type":["null","test.Node"]}]}\
                """);
    int id = registry.register("nested", nested);
    byte[] deep = new byte[1_000_000];
    Arrays.fill(deep, (byte) 2);
    ByteBuffer.wrap(deep).put((byte) 0).putInt(id);
    deep[deep.length - 1] = 0;

    for (int i = 0; i < 3; i++) {
      assertRejected(deep, "the record is nested too deeply");
    }
    byte[] shallow = {0, 0, 0, 0, (byte) id, 2, 2, 0};
    assertThat(deserializer.deserialize(TOPIC, shallow)).isInstanceOf(GenericRecord.class);
  }

  @Test
  void shouldSkipFieldsOfTheWriterWithTheSameCare() throws Exception {
    Schema wider =
        new Schema.Parser()
            .parse(
                """
                {"type":"record","name":"dev.sluice.avro.StatusDataSource","fields":[
                  {"name":"sourceId","type":"string"},
                  {"name":"sourceType","type":"string"},
                  {"name":"more","type":{"type":"array","items":{"type":"map","values":"bytes"}}}]}\
                """);
    int id = registry.register("wider", wider);
    Random random = new Random(7);
    for (int i = 0; i < 2000; i++) {
      byte[] payload = new byte[5 + random.nextInt(60)];
      random.nextBytes(payload);
      ByteBuffer.wrap(payload).put((byte) 0).putInt(id);
      if (payload.length > 7) {
        payload[5] = 0;
        payload[6] = 0;
      }
      try {
        assertThat(deserializer.deserialize(TOPIC, payload)).isNotNull();
      } catch (SerializationException expected) {
        assertThat(expected).hasMessageContaining(TOPIC);
      }
    }
  }

  @Test
  void shouldRefuseSchemasWithItemsThatTakeNoBytes() throws Exception {
    for (String items :
        List.of(
            "\"null\"",
            "{\"type\":\"fixed\",\"name\":\"test.Zero\",\"size\":0}",
            """
            {"type":"record","name":"test.Empty","fields":[
              {"name":"a","type":{"type":"record","name":"test.Inner","fields":[]}},
              {"name":"b","type":"test.Inner"}]}\
            """)) {
      Schema endless =
          new Schema.Parser()
              .parse(
                  """
                  {"type":"record","name":"dev.sluice.avro.StatusDataSource","fields":[
                    {"name":"more","type":["null",{"type":"array","items":%s}]},
                    {"name":"sourceId","type":"string"},
                    {"name":"sourceType","type":"string"}]}\
                  """
                      .formatted(items));
      int id = registry.register("endless-" + items.length(), endless);

      assertRejected(
          payload(
              id,
              encoder -> {
                encoder.writeIndex(1);
                encoder.writeLong(Long.MAX_VALUE);
              }),
          "takes no bytes");
    }
  }

  @Test
  void shouldTakeSchemasThatHoldThemselvesAndItemsOfAByte() {
    Schema fine =
        new Schema.Parser()
            .parse(
                """
                {"type":"record","name":"test.Tree","fields":[
                  {"name":"children","type":{"type":"array","items":"test.Tree"}},
                  {"name":"named","type":{"type":"map","values":"null"}}]}\
                """);
    int id = registry.register("tree", fine);

    byte[] leaf = {0, 0, 0, 0, (byte) id, 0, 0};
    assertThat(deserializer.deserialize(TOPIC, leaf)).isInstanceOf(GenericRecord.class);
  }

  private interface Writing {
    void to(BinaryEncoder encoder) throws IOException;
  }

  private static byte[] payload(int id, Writing writing) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    writing.to(encoder);
    encoder.flush();
    return out.toByteArray();
  }

  private byte[] write(String topic, @Nullable Object record) {
    return requireNonNull(serializer.serialize(topic, record));
  }

  private void assertRejected(byte[] payload, String inMessage) {
    long start = System.nanoTime();
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> deserializer.deserialize(TOPIC, payload))
        .withMessageContaining(inMessage);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
  }

  private static ConfluentAvroDeserializer deserializer(Map<String, ?> configs) {
    Map<String, Object> all = new HashMap<>(Map.of("schema.registry.url", "mock://" + SCOPE));
    all.putAll(configs);
    ConfluentAvroDeserializer deserializer = new ConfluentAvroDeserializer();
    deserializer.configure(all, false);
    return deserializer;
  }
}
