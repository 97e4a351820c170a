package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sluice.avro.AccessAction;
import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.CommandReason;
import dev.sluice.avro.ProductEvent;
import dev.sluice.config.SluiceConfig;
import dev.sluice.event.Events;
import dev.sluice.event.codec.EventAvro;
import dev.sluice.event.codec.EventReader;
import dev.sluice.event.codec.EventReader.UnreadableEventException;
import dev.sluice.event.codec.UnknownSchemaWait;
import dev.sluice.registry.ConfluentAvroDeserializer;
import dev.sluice.registry.ConfluentAvroSerializer;
import dev.sluice.registry.SchemaRegistries;
import dev.sluice.sim.ForeignWriter;
import dev.sluice.testing.CommittedLog;
import dev.sluice.testing.TestCluster;
import dev.sluice.testing.Workers;
import dev.sluice.topology.ContractSerdes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * Confluent's own serializers at the other end, and inside the worker, with a real registry: once
 * with schemas that are registered as they come, once with those that somebody registered from
 * avro/ before.
 */
class ConfluentIT {
  private static final String TOKEN = "hush-" + UUID.randomUUID();

  @RegisterExtension static final TestCluster CLUSTER = TestCluster.shared();

  private static String url;
  private ConfluentClasses confluent;

  @BeforeAll
  static void start() {
    url = ApicurioRegistry.shared().url();
  }

  @BeforeEach
  void open() {
    confluent = new ConfluentClasses();
  }

  @AfterEach
  void close() {
    confluent.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldReadEventsOfConfluentsSerializer(boolean autoRegister) throws Exception {
    var topic = "confluent-events-" + autoRegister;
    var settings = settings(autoRegister, topic, "ProductEvent");
    var event = EventAvro.toAvro(Events.published("p1", "s1", "s2"));
    try (var theirs = confluent.serializer(settings);
        var ours = new ConfluentAvroDeserializer()) {
      ours.configure(settings, false);

      assertThat(ours.deserialize(topic, theirs.serialize(topic, event))).isEqualTo(event);
      assertThat(ours.deserialize(topic, theirs.serialize(topic, generic(event, "ProductEvent"))))
          .isInstanceOf(ProductEvent.class)
          .isEqualTo(event);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldWriteCommandsForConfluentsDeserializer(boolean autoRegister) throws Exception {
    var topic = "confluent-commands-" + autoRegister;
    var settings = settings(autoRegister, topic, "AccessCommand");
    var command = command();
    try (var ours = new ConfluentAvroSerializer();
        var specific = confluent.deserializer(settings, true);
        var generic = confluent.deserializer(settings, false)) {
      ours.configure(settings, false);
      var payload = ours.serialize(topic, command);

      assertThat(specific.deserialize(topic, payload)).isEqualTo(command);
      assertThat(generic.deserialize(topic, payload)).isEqualTo(generic(command, "AccessCommand"));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldRunAWorkerWithConfluentsClasses(boolean autoRegister) throws Exception {
    var id = "confluent-worker-" + autoRegister;
    var more = new HashMap<String, String>();
    more.put("schema.registry.url", url);
    more.put("auto.register.schemas", Boolean.toString(autoRegister));
    var own = CLUSTER.config(id, more);
    more.put("sluice.serializer.class", ConfluentClasses.SERIALIZER);
    more.put("sluice.deserializer.class", ConfluentClasses.DESERIALIZER);
    more.put("avro.remove.java.properties", "true");
    more.put("bearer.auth.credentials.source", "STATIC_TOKEN");
    more.put("bearer.auth.token", TOKEN);
    var theirs = CLUSTER.config(id, more);
    if (!autoRegister) {
      register(id + ".product-events", "ProductEvent");
      register(id + ".access-commands", "AccessCommand");
      register(id + ".product-status", "ProductStatus");
      register(id + ".request-status", "RequestStatus");
    }
    var logged = new ListAppender<ILoggingEvent>();
    logged.start();
    var log = (Logger) LoggerFactory.getLogger("io.confluent");
    log.addAppender(logged);
    log.setAdditive(false);
    log.setLevel(Level.DEBUG);
    try (var ignored = Workers.running(theirs)) {
      Workers.publish(
          theirs, Events.published("p1", "s1", "s2"), Events.approved("p1", "r1", "ada"));
      Workers.publish(own, Events.suspended("p1"));
      Workers.awaitCommands(theirs, 4);
    } finally {
      log.detachAppender(logged);
      log.setAdditive(true);
      log.setLevel(null);
    }

    assertThat(commands(own)).isEqualTo(commands(theirs));
    assertThat(CommittedLog.read(own).rejections).isEmpty();
    assertThat(lines(logged))
        .anyMatch(line -> line.startsWith("Sending POST"))
        .noneMatch(line -> line.contains(TOKEN));
  }

  /** Nothing is guessed with Confluent's deserializer either, which resolves by shape if it may. */
  @Test
  void shouldCompareNamesAndUnitsWithConfluentsDeserializer() throws Exception {
    var suspended = Events.suspended("p1");
    var stranger =
        ForeignWriter.withPayload(
            "{\"type\":\"record\",\"name\":\"ProductArchived\",\"fields\":[{\"name\":\"reason\","
                + "\"type\":[\"null\",\"string\"],\"default\":null}]}");
    var foreign = ForeignWriter.withNamespace("ProductSuspended", "acme");
    var event = ForeignWriter.changed("\"name\":\"ProductEvent\"", "\"name\":\"MarketEvent\"");
    var micros = ForeignWriter.changed("timestamp-millis", "timestamp-micros");

    assertThat(unreadable(stranger.record(suspended, null, "ProductArchived")))
        .startsWith("the payload is a dev.sluice.avro.ProductArchived, which this worker does not");
    assertThat(unreadable(foreign.record(suspended, null)))
        .startsWith("the payload is a acme.ProductSuspended, the contract's is a dev.sluice.avro.");
    assertThat(unreadable(event.record(suspended, null)))
        .startsWith("the record is a dev.sluice.avro.MarketEvent, not a dev.sluice.avro.Product");
    assertThat(unreadable(ForeignWriter.contract().record(suspended, "ProductResumed")))
        .startsWith("type says ProductResumed, the payload is a ProductSuspended");
    var until = Events.approvedUntil("p1", "r1", "ada", Instant.parse("2026-06-30T22:00:00.123Z"));
    assertThat(read(micros.record(until, until.type()))).isEqualTo(until);
    assertThat(read(stranger.record(suspended, null))).isEqualTo(suspended);
  }

  @Test
  void shouldWaitForAnIdThatIsUnknownToConfluentsClient() throws Exception {
    var clock = new AtomicLong();
    var schemas = new UnknownSchemaWait(Duration.ofSeconds(30), clock::get);
    var unknown = new byte[] {0, 0x7f, 0x7f, 0x7f, 0x7f, 0};
    try (var reader = reader(schemas)) {
      assertThatExceptionOfType(EventReader.SchemaAwaitedException.class)
          .isThrownBy(() -> reader.read(new RecordHeaders(), unknown))
          .withMessageContaining("schema id 2139062143 is not in the registry");
      clock.addAndGet(Duration.ofSeconds(30).toNanos());
      assertThatExceptionOfType(UnreadableEventException.class)
          .isThrownBy(() -> reader.read(new RecordHeaders(), unknown))
          .withMessageStartingWith(
              "schema id 2139062143 is not in the registry, and is not waited");
    }
  }

  private static EventReader reader(UnknownSchemaWait schemas) {
    var config =
        CLUSTER.config(
            "confluent-reader",
            "reader",
            Map.of(
                "schema.registry.url",
                url,
                "sluice.deserializer.class",
                ConfluentClasses.DESERIALIZER));
    return new EventReader(new ContractSerdes(config).eventDeserializer(), "events", schemas);
  }

  private dev.sluice.event.ProductEvent read(GenericRecord record) throws Exception {
    var topic = "foreign-" + UUID.randomUUID();
    try (var theirs = confluent.serializer(settings(true, topic, "ProductEvent"));
        var reader = reader(UnknownSchemaWait.rejected())) {
      return reader.read(new RecordHeaders(), theirs.serialize(topic, record));
    }
  }

  private String unreadable(GenericRecord record) throws Exception {
    try {
      return "read as " + read(record);
    } catch (UnreadableEventException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static List<AccessCommand> commands(SluiceConfig config) {
    return CommittedLog.read(config).commands;
  }

  private static List<String> lines(ListAppender<ILoggingEvent> logged) {
    return new ArrayList<>(logged.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  /** For both sides; the schema's file is registered where they are not to do that themselves. */
  private static Map<String, Object> settings(boolean autoRegister, String topic, String schema)
      throws IOException {
    if (!autoRegister) {
      register(topic, schema);
    }
    return Map.of(
        "schema.registry.url",
        url,
        "auto.register.schemas",
        autoRegister,
        "avro.remove.java.properties",
        true);
  }

  private static void register(String topic, String schema) throws IOException {
    try (var registry = SchemaRegistries.from(Map.of("schema.registry.url", url))) {
      registry.register(topic + "-value", parsed(schema));
    }
  }

  private static Schema parsed(String schema) throws IOException {
    return new Schema.Parser().parse(Path.of("avro", schema + ".avsc").toFile());
  }

  /** The same without a generated class. */
  private static GenericRecord generic(SpecificRecordBase record, String schema)
      throws IOException {
    var bytes = new ByteArrayOutputStream();
    var encoder = EncoderFactory.get().binaryEncoder(bytes, null);
    new SpecificDatumWriter<>(record.getSchema(), record.getSpecificData()).write(record, encoder);
    encoder.flush();
    var decoder = DecoderFactory.get().binaryDecoder(bytes.toByteArray(), null);
    return new GenericDatumReader<GenericRecord>(parsed(schema)).read(null, decoder);
  }

  private static AccessCommand command() {
    return AccessCommand.newBuilder()
        .setAction(AccessAction.GRANT)
        .setUserId("ada")
        .setSourceId("s1")
        .setSourceType("Snowflake")
        .setProductId("p1")
        .setReason(CommandReason.ACCESS_APPROVED)
        .setCauseEventId("e1")
        .setRevision(7)
        .setOccurredAt(Instant.parse("2026-03-01T12:00:00Z"))
        .build();
  }
}
