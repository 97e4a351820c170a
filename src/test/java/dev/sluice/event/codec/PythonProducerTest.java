package dev.sluice.event.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.dev.registry.MockSchemaRegistry;
import dev.sluice.event.DataSource;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import dev.sluice.event.codec.EventReader.UnreadableEventException;
import dev.sluice.registry.ConfluentAvroDeserializer;
import dev.sluice.testing.Requirement;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that docs/examples/produce.py writes the events that it describes. */
class PythonProducerTest {
  private static final String SCOPE = "python-producer-test";
  private static final Path SCRIPT = Path.of("docs/examples/produce.py");
  private static final Path FIXTURES = Path.of("src/test/resources/fixtures/python");
  private static final Instant AT = Instant.parse("2026-01-05T09:00:00Z");

  private static final List<Payload> PAYLOADS =
      List.of(
          new Payload.ProductPublished(
              "Orders",
              null,
              List.of(),
              List.of(new DataSource("sales.orders", "Snowflake")),
              null,
              List.of(),
              null),
          new Payload.AccessApproved("r1", "ana", "ben", Instant.parse("2099-06-30T22:00:00Z")),
          new Payload.ProductSuspended("audit"),
          new Payload.ProductResumed("audited"),
          new Payload.AccessRevoked("r1", "ana", "left"),
          new Payload.ProductDeleted("retired"));

  private final MockSchemaRegistry registry = MockSchemaRegistry.of(SCOPE);

  @AfterEach
  void dropScope() {
    MockSchemaRegistry.drop(SCOPE);
  }

  /** With the schema that the script reads, under whichever id it gets. */
  private ProductEvent read(Path file) throws IOException, UnreadableEventException {
    var id =
        registry.register(
            "t-value", new Schema.Parser().parse(Path.of("avro/ProductEvent.avsc").toFile()));
    var bytes = Files.readAllBytes(file);
    assertThat(ByteBuffer.wrap(bytes, 0, 5).get()).isZero();
    assertThat(ByteBuffer.wrap(bytes).getInt(1)).isEqualTo(1);
    var own = new ConfluentAvroDeserializer();
    own.configure(Map.of("schema.registry.url", "mock://" + SCOPE), false);
    try (var reader = new EventReader(own, "t")) {
      return reader.read(new RecordHeaders(), ByteBuffer.wrap(bytes).putInt(1, id).array());
    }
  }

  @Test
  void shouldReadWhatThePythonProducerWrites() throws Exception {
    for (int number = 1; number <= PAYLOADS.size(); number++) {
      assertThat(read(FIXTURES.resolve(number + ".avro")))
          .isEqualTo(
              new ProductEvent(
                  "py-" + number, "p1", (long) number, AT, "market", PAYLOADS.get(number - 1)));
    }
  }

  @Test
  void shouldNoticeABranchThatWasChosenByItsShape() throws Exception {
    assertThatExceptionOfType(UnreadableEventException.class)
        .isThrownBy(() -> read(FIXTURES.resolve("by-shape.avro")))
        .withMessage("type says ProductResumed, the payload is a ProductSuspended");
    // This is why producers are told to give the type.
    assertThat(read(FIXTURES.resolve("by-shape-without-type.avro")).payload())
        .isEqualTo(new Payload.ProductSuspended("audited"));
  }

  @Test
  void shouldWriteTheSameBytesToday(@TempDir Path folder) throws Exception {
    Requirement.FASTAVRO.require(run("-c", "import fastavro") == 0);

    assertThat(run(SCRIPT.toString(), "events", folder.toString())).isZero();

    for (int number = 1; number <= PAYLOADS.size(); number++) {
      var name = number + ".avro";
      assertThat(folder.resolve(name)).hasSameBinaryContentAs(FIXTURES.resolve(name));
    }
  }

  private static int run(String... arguments) throws InterruptedException {
    var command = new ArrayList<>(List.of("python3", "-B"));
    command.addAll(List.of(arguments));
    try {
      var process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return process.exitValue();
    } catch (IOException noPython) {
      return -1;
    }
  }
}
