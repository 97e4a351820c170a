package dev.sluice.sim;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import dev.sluice.event.codec.EventAvro;
import dev.sluice.registry.ConfluentAvroSerializer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Records that nobody should put on the input topic, made of random events that somebody might, and
 * what a naive reader says of them.
 */
public final class Abuse {

  /** A record of the input; its key, its value or both may be missing. */
  public record Input(byte[] key, byte[] value, Headers headers, long timestamp) {}

  private static final String TOPIC = "product-events";
  private static final int WIRE_HEADER = 5;
  private static final int VALUE_MAX = 1 << 20;
  private static final int READ_MAX = 4 << 20;
  private static final int KEY_MAX = 1 << 16;
  private static final String[] WICKED = {
    "",
    "a|b",
    "|",
    "\u0000",
    "tab\t",
    "\u0085",
    "\u007f",
    "x".repeat(257),
    "\uFFFD",
    "ab\uFFFDcd",
    " ",
    "a ",
    "\uFEFFa",
    "a\u200Db",
    "\u202Ea"
  };
  private static final Instant[] EXTREMES = {
    Instant.ofEpochMilli(Long.MIN_VALUE),
    Instant.ofEpochMilli(Long.MIN_VALUE + 1),
    Instant.ofEpochMilli(-1),
    Instant.EPOCH,
    Instant.ofEpochMilli(Long.MAX_VALUE - 1),
    Instant.ofEpochMilli(Long.MAX_VALUE),
    Instant.parse("2000-01-01T00:00:00Z"),
    Instant.parse("1999-12-31T23:59:59.999Z"),
    Instant.parse("9999-12-31T23:59:59.999Z"),
    Instant.parse("+10000-01-01T00:00:00Z"),
    // seconds, microseconds and nanoseconds for milliseconds
    Instant.ofEpochMilli(1_767_614_400L),
    Instant.ofEpochMilli(1_767_614_400_000_000L),
    Instant.ofEpochMilli(1_767_614_400_000_000_000L)
  };

  private static final Instant PLAUSIBLE = Instant.parse("2026-01-05T12:00:00Z");
  private static final long FIRST_MS = Instant.parse("2000-01-01T00:00:00Z").toEpochMilli();
  private static final long LAST_MS = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();

  /** Three bytes of UTF-8, in whose place half a character is put. */
  private static final String PLACE = "\u20ac";

  private static final byte[] HALF_A_CHARACTER = {(byte) 0xed, (byte) 0xa0, (byte) 0x80};

  private final Random random;
  private final long nowMs;
  private final Serializer<Object> serializer = new ConfluentAvroSerializer();
  private final byte[] wrongSchema;
  private final int eventSchemaId;

  /** By value: the event that it is, or null where it is none. */
  private final Map<ByteBuffer, ProductEvent> foreign = new HashMap<>();

  /** Others' schemas, each with the payload that it takes an event's for; null for its own. */
  private final Map<ForeignWriter, String> strangers = strangers();

  /** Others' schemas that say in which unit they have times. */
  private final List<ForeignWriter> units =
      List.of(
          ForeignWriter.changed("timestamp-millis", "timestamp-micros"),
          ForeignWriter.changed("timestamp-millis", "timestamp-nanos"));

  /**
   * With events in Confluent's format, whose schemas are registered.
   *
   * @param nowMs what time it is, around which timestamps are absurd
   */
  public Abuse(long seed, long nowMs, Map<String, ?> registry) {
    random = new Random(seed);
    this.nowMs = nowMs;
    serializer.configure(registry, false);
    var other =
        SchemaBuilder.record("test.Other")
            .fields()
            .requiredString("a")
            .requiredLong("b")
            .endRecord();
    GenericRecord record = new GenericData.Record(other);
    record.put("a", "no event");
    record.put("b", 1L);
    wrongSchema = serializer.serialize("other", record);
    eventSchemaId =
        ByteBuffer.wrap(
                bytes(
                    new ProductEvent(
                        "e", "p", null, PLAUSIBLE, "a", new Payload.ProductResumed(null))))
            .getInt(1);
  }

  private static Map<ForeignWriter, String> strangers() {
    var strangers = new LinkedHashMap<ForeignWriter, String>();
    strangers.put(
        ForeignWriter.changed("\"namespace\":\"dev.sluice.avro\"", "\"namespace\":\"acme\""), "");
    strangers.put(
        ForeignWriter.changed("\"name\":\"ProductEvent\"", "\"name\":\"MarketEvent\""), "");
    strangers.put(ForeignWriter.changed("timestamp-millis", "local-timestamp-millis"), "");
    // each looks like a payload of the contract
    for (var payload : List.of("ProductSuspended", "ProductResumed", "ProductDeleted")) {
      strangers.put(ForeignWriter.withNamespace(payload, "acme"), payload);
    }
    strangers.put(
        ForeignWriter.withPayload(
            "{\"type\":\"record\",\"name\":\"ProductArchived\",\"fields\":[]}"),
        "ProductArchived");
    strangers.put(
        ForeignWriter.withPayload(
            "{\"type\":\"record\",\"name\":\"AccessEnded\",\"fields\":[{\"name\":\"reason\","
                + "\"type\":[\"null\",\"string\"],\"default\":null}]}"),
        "AccessEnded");
    return strangers;
  }

  private byte[] bytes(ProductEvent event) {
    return serializer.serialize(TOPIC, EventAvro.toAvro(event));
  }

  /** The event as it should come. */
  public Input good(ProductEvent event) {
    return input(event.productId().getBytes(UTF_8), bytes(event));
  }

  /** A record made of the event that mostly makes no sense. */
  public Input bad(ProductEvent event) {
    var key = event.productId().getBytes(UTF_8);
    var value = bytes(event);
    return switch (random.nextInt(20)) {
      case 0 -> input(key, randomBytes(random.nextInt(300)));
      case 1 -> input(key, Arrays.copyOf(value, random.nextInt(value.length)));
      case 2 -> input(key, Arrays.copyOf(value, value.length + 1 + random.nextInt(9)));
      case 3, 4, 5 -> input(key, mutated(value));
      case 6 -> input(random.nextBoolean() ? key : null, null);
      case 7 -> input(key, new byte[0]);
      case 8 -> input(key, withSchema(value, random.nextInt()));
      case 9 -> input(key, wrongSchema);
      case 10 -> input(null, value);
      case 11 -> input(otherKey(key), value);
      case 12 -> input(new byte[] {(byte) 0xff, (byte) 0xfe}, value);
      case 13 -> wicked(event);
      case 14 -> halfACharacter(event);
      case 15 -> input(key, bytes(extreme(event)));
      case 16 -> stranger(event);
      case 17 -> inAnotherUnit(event);
      case 18 -> ofAnotherType(event);
      default ->
          random.nextInt(8) > 0
              ? input(key, withSchema(randomBytes(5 + random.nextInt(200)), eventSchemaId))
              : random.nextBoolean()
                  ? input(key, Arrays.copyOf(value, VALUE_MAX + 1 + random.nextInt(1000)))
                  : input(Arrays.copyOf(key, KEY_MAX + 1), value);
    };
  }

  private Input input(byte[] key, byte[] value) {
    return new Input(key, value, headers(), timestamp());
  }

  private byte[] randomBytes(int length) {
    var bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private byte[] mutated(byte[] value) {
    var bytes = value.clone();
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      var at = random.nextInt(bytes.length);
      // Another low byte could make the id that of another schema, by which the event is readable.
      bytes[at == WIRE_HEADER - 1 ? 0 : at] = (byte) random.nextInt();
    }
    return bytes;
  }

  private static byte[] withSchema(byte[] value, int id) {
    var bytes = value.clone();
    ByteBuffer.wrap(bytes).put((byte) 0).putInt(id);
    return bytes;
  }

  private byte[] otherKey(byte[] key) {
    return (random.nextBoolean() ? "p" + random.nextInt(5) + "x" : new String(key, UTF_8) + " ")
        .getBytes(UTF_8);
  }

  private Input wicked(ProductEvent event) {
    var id = WICKED[random.nextInt(WICKED.length)];
    var bad =
        switch (random.nextInt(4)) {
          case 0 -> with(id, event.productId(), event.payload());
          case 1 -> with("e", id, event.payload());
          case 2 ->
              with("e", event.productId(), new Payload.AccessApproved(id, "u1", "boss", null));
          default ->
              with("e", event.productId(), new Payload.AccessApproved("r1", id, "boss", null));
        };
    return good(bad);
  }

  /** Returns bytes that Avro takes for an event by their shape. */
  private Input stranger(ProductEvent event) {
    var all = List.copyOf(strangers.entrySet());
    var stranger = all.get(random.nextInt(all.size()));
    var payload = stranger.getValue();
    var of =
        payload.isEmpty()
            ? event
            : with("e", event.productId(), new Payload.ProductSuspended("by a stranger"));
    return strange(
        stranger.getKey().record(of, null, payload.isEmpty() ? event.type() : payload), event);
  }

  /** A good event, of a producer that has other units and says so. */
  private Input inAnotherUnit(ProductEvent event) {
    var value =
        serializer.serialize(
            TOPIC + "-units", units.get(random.nextInt(units.size())).record(event, event.type()));
    var input = input(event.productId().getBytes(UTF_8), value);
    foreign.put(ByteBuffer.wrap(value), event);
    return input;
  }

  /** A branch of the union that was chosen by its shape. */
  private Input ofAnotherType(ProductEvent event) {
    return strange(
        ForeignWriter.contract()
            .record(
                event,
                event.payload() instanceof Payload.ProductSuspended
                    ? "ProductResumed"
                    : "ProductSuspended"),
        event);
  }

  private Input strange(GenericRecord record, ProductEvent event) {
    // Each schema has a subject of its own, which takes it.
    var value = serializer.serialize("strange-" + record.getSchema().hashCode(), record);
    foreign.put(ByteBuffer.wrap(value), null);
    return input(event.productId().getBytes(UTF_8), value);
  }

  private Input halfACharacter(ProductEvent event) {
    var value =
        bytes(
            with(
                "e",
                event.productId(),
                random.nextBoolean()
                    ? new Payload.AccessApproved("r1", PLACE, "boss", null)
                    : new Payload.AccessApproved(PLACE, "u1", "boss", null)));
    var place = PLACE.getBytes(UTF_8);
    for (int i = 0; i + place.length <= value.length; i++) {
      if (Arrays.equals(value, i, i + place.length, place, 0, place.length)) {
        System.arraycopy(HALF_A_CHARACTER, 0, value, i, place.length);
      }
    }
    return input(event.productId().getBytes(UTF_8), value);
  }

  private static ProductEvent with(String eventId, String productId, Payload payload) {
    return new ProductEvent(eventId, productId, null, PLAUSIBLE, "api", payload);
  }

  /** Times at the ends of what can be written; some of these events make sense. */
  private ProductEvent extreme(ProductEvent event) {
    var payload =
        event.payload() instanceof Payload.AccessApproved a
            ? new Payload.AccessApproved(a.requestId(), a.userId(), a.approvedBy(), anExtreme())
            : event.payload() instanceof Payload.DeterminationMade d
                ? new Payload.DeterminationMade(
                    d.requestId(), d.approver(), d.decision(), d.reason(), anExtreme(), null)
                : event.payload();
    return new ProductEvent(
        event.eventId(),
        event.productId(),
        random.nextBoolean() ? event.sequence() : null,
        anExtreme(),
        event.actor(),
        payload);
  }

  private Instant anExtreme() {
    return EXTREMES[random.nextInt(EXTREMES.length)];
  }

  private long timestamp() {
    return switch (random.nextInt(12)) {
      case 0 -> 0;
      case 1 -> 1;
      case 2 -> Long.MAX_VALUE;
      case 3 -> nowMs + 315_360_000_000L;
      case 4 -> nowMs - 315_360_000_000L;
      case 5 -> nowMs + 7_200_000;
      default -> nowMs;
    };
  }

  private Headers headers() {
    var headers = new RecordHeaders();
    switch (random.nextInt(40)) {
      case 0 -> {
        for (int i = 0; i < 20_000; i++) {
          headers.add("h" + i, new byte[1]);
        }
      }
      case 1 -> headers.add("large", new byte[100_000]);
      case 2 -> headers.add("none", null).add("", new byte[0]);
      case 3 -> headers.add("sluice.rejected.reason", "APPLIED".getBytes(UTF_8));
      case 4 -> headers.add("a\uFFFDb\nc", randomBytes(9));
      default -> {
        // mostly there is none
      }
    }
    return headers;
  }

  /**
   * The outcome that the worker should report; if the record is an event, the model takes it.
   *
   * @param clock what time the worker takes it to be
   */
  public String expected(Input input, Model model, Instant clock) {
    if ((input.value() != null && input.value().length > READ_MAX)
        || (input.key() != null && input.key().length > KEY_MAX)) {
      return "too_large";
    }
    var event = read(input.value());
    if (event != null && input.value().length > VALUE_MAX) {
      throw new IllegalStateException("no event of that size is made here");
    }
    return event == null ? "unreadable" : model.apply(text(input.key()), event, clock);
  }

  /** Whether what was said means that the record was turned down. */
  public static boolean isRejection(String outcome) {
    return !outcome.equals("applied") && !outcome.equals("no_op") && !outcome.equals("duplicate");
  }

  /** The reason that goes with an outcome. */
  public static String reason(String outcome) {
    return outcome.toUpperCase(Locale.ROOT);
  }

  private ProductEvent read(byte[] value) {
    if (value != null && foreign.containsKey(ByteBuffer.wrap(value))) {
      return foreign.get(ByteBuffer.wrap(value));
    }
    if (value == null
        || value.length < WIRE_HEADER
        || value[0] != 0
        || ByteBuffer.wrap(value).getInt(1) != eventSchemaId) {
      return null;
    }
    try {
      var decoder =
          DecoderFactory.get().binaryDecoder(value, WIRE_HEADER, value.length - WIRE_HEADER, null);
      var event = new SpecificDatumReader<>(dev.sluice.avro.ProductEvent.class).read(null, decoder);
      return decoder.isEnd() ? believed(event) : null;
    } catch (Exception e) {
      return null;
    }
  }

  private static ProductEvent believed(dev.sluice.avro.ProductEvent avro) {
    var event = EventAvro.fromAvro(avro);
    var times =
        switch (event.payload()) {
          case Payload.AccessApproved p -> Arrays.asList(p.expiresAt(), p.startsAt());
          case Payload.DeterminationMade p -> Arrays.asList(p.expiresAt(), p.startsAt());
          default -> List.<Instant>of();
        };
    var typeIsRight = avro.getType() == null || avro.getType().equals(event.type());
    return typeIsRight
            && isBelieved(event.occurredAt())
            && times.stream().allMatch(time -> time == null || isBelieved(time))
        ? event
        : null;
  }

  private static boolean isBelieved(Instant time) {
    return time.toEpochMilli() >= FIRST_MS && time.toEpochMilli() <= LAST_MS;
  }

  private static String text(byte[] key) {
    try {
      return key == null ? null : UTF_8.newDecoder().decode(ByteBuffer.wrap(key)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
