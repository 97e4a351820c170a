package dev.sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.RejectionHeaders;
import dev.sluice.dev.registry.MockSchemaRegistry;
import dev.sluice.event.Events;
import dev.sluice.event.codec.EventReader;
import dev.sluice.registry.ConfluentAvroDeserializer;
import dev.sluice.sim.ForeignWriter;
import java.io.BufferedReader;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The output for a rejected event with another schema than the contract's. */
class RejectedEventTest {
  private static final String SCOPE = "rejected-event-test";
  private static final String ARCHIVED =
      "{\"type\":\"record\",\"name\":\"ProductArchived\",\"fields\":[]}";

  private final MockSchemaRegistry registry = MockSchemaRegistry.of(SCOPE);
  private int registered;

  @AfterEach
  void dropScope() {
    MockSchemaRegistry.drop(SCOPE);
  }

  private RejectedEvent read(GenericRecord record) {
    // A subject of its own, which takes it.
    var id = registry.register("s" + registered++, record.getSchema());
    var value = ForeignWriter.bytes(record);
    return read(ByteBuffer.allocate(5 + value.length).put((byte) 0).putInt(id).put(value).array());
  }

  private static RejectedEvent read(byte[] value) {
    var own = new ConfluentAvroDeserializer();
    own.configure(Map.of("schema.registry.url", "mock://" + SCOPE), false);
    var headers = new RecordHeaders().add(RejectionHeaders.REASON, "UNREADABLE".getBytes(UTF_8));
    try (var events = new EventReader(own, "t")) {
      return RejectedEvent.read(events, "p1".getBytes(UTF_8), value, headers, 0);
    }
  }

  private RejectedEvent archived() {
    return read(
        ForeignWriter.withPayload(ARCHIVED)
            .record(Events.suspended("p1"), null, "ProductArchived"));
  }

  private static boolean passes(String type, RejectedEvent event) {
    var filter = new RejectedFilter();
    CommandLine.populateCommand(filter, "--type", type);
    return filter.passes(event);
  }

  @Test
  void shouldShowAnUnknownTypeByItsOwnName() {
    var event = archived();

    assertThat(event.event()).isNull();
    assertThat(event.lines().getFirst()).startsWith("REJECTED UNREADABLE ProductArchived ");
    assertThat(event.lines().getLast()).isEqualTo("  event   " + event.bytes() + " bytes");
    assertThat(event.json().path("type").asText()).isEqualTo("ProductArchived");
    assertThat(event.json().path("bytes").asInt()).isEqualTo(event.bytes());
    assertThat(event.json().has("event")).isFalse();
  }

  @Test
  void shouldCommentOutAnUnknownTypeForPublish() throws Exception {
    var event = archived();
    var lines = event.forPublish();

    assertThat(lines).allMatch(line -> line.startsWith("# "));
    assertThat(lines.getLast())
        .isEqualTo(
            "# ProductArchived of "
                + event.bytes()
                + " bytes, which is not an event that can be shown");
    var text = new BufferedReader(new StringReader(String.join("\n", lines)));
    assertThat(EventLines.readAll("mended", text)).isEmpty();
  }

  @Test
  void shouldFindAnEventByItsRealTypeAlone() {
    assertThat(passes("ProductArchived", archived())).isTrue();
    assertThat(passes("ProductUpdated", archived())).isFalse();

    var foreign =
        read(
            ForeignWriter.withNamespace("ProductSuspended", "acme")
                .record(Events.suspended("p1"), null));
    assertThat(passes("ProductSuspended", foreign)).isFalse();
    assertThat(passes("acme.ProductSuspended", foreign)).isTrue();
  }

  @Test
  void shouldLeaveAnAmbiguousTypeOpen() {
    var event = read(ForeignWriter.contract().record(Events.suspended("p1"), "ProductResumed"));

    assertThat(event.type()).isNull();
    assertThat(event.event()).isNull();
  }

  @Test
  void shouldShowAnEventOfTheContract() {
    var event = read(ForeignWriter.contract().record(Events.suspended("p1"), null));

    assertThat(event.event()).isEqualTo(Events.suspended("p1"));
    assertThat(event.type()).isEqualTo("ProductSuspended");
    assertThat(passes("ProductSuspended", event)).isTrue();
  }

  @Test
  void shouldShowTheSizeOfBytesThatAreNoEvent() {
    var event = read("garbage".getBytes(UTF_8));

    assertThat(event.type()).isNull();
    assertThat(event.forPublish().getLast())
        .isEqualTo("# 7 bytes, which is not an event that can be shown");
  }
}
