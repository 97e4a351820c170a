package dev.sluice.sim;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.sluice.event.ProductEvent;
import dev.sluice.event.codec.EventAvro;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * All that a worker of one version leaves to the next.
 *
 * @param clock what time it was, in ISO 8601
 * @param history the events that led to it, in Avro's single-object encoding and Base64: all that
 *     count for what is stored still
 * @param granted the last revision of every access that the commands had granted by then
 * @param stored the stores: the product stage's, and then those of each partition of users
 * @param updates records of access-updates that were not read yet
 */
record UpgradeFixture(
    String clock,
    List<String> history,
    List<Granted> granted,
    List<StoredState> stored,
    List<StoredState.Entry> updates) {

  /**
   * Access that was granted, and the revision of the command that said so.
   *
   * @param sourceType of the source; not there in the first version
   */
  record Granted(String userId, String sourceId, String sourceType, long revision) {}

  static final Path FOLDER = Path.of("src/test/resources/fixtures/state");
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  static Path file(int version) {
    return FOLDER.resolve("v" + version + ".json");
  }

  static UpgradeFixture read(int version) {
    try {
      return JSON.readValue(file(version).toFile(), UpgradeFixture.class);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file(version), e);
    }
  }

  /** Writes a version that is not there yet. */
  void write(int version) {
    try {
      Files.createDirectories(FOLDER);
      Files.writeString(
          file(version), JSON.writeValueAsString(this) + "\n", StandardOpenOption.CREATE_NEW);
    } catch (IOException e) {
      throw new UncheckedIOException("a fixture is written once: " + file(version), e);
    }
  }

  static String text(ProductEvent event) {
    return Base64.getEncoder()
        .encodeToString(Contract.EVENTS.serializer().serialize("events", EventAvro.toAvro(event)));
  }

  List<ProductEvent> events() {
    var events = new ArrayList<ProductEvent>();
    for (var text : history) {
      var bytes = Base64.getDecoder().decode(text);
      events.add(EventAvro.fromAvro(Contract.EVENTS.deserializer().deserialize("events", bytes)));
    }
    return events;
  }

  Instant time() {
    return Instant.parse(clock);
  }
}
