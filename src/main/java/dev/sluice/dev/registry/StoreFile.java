package dev.sluice.dev.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.dev.registry.SubjectStore.Contents;
import dev.sluice.registry.AvroSchemas;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;

/**
 * A {@link SubjectStore}'s contents as a JSON file: {@code schemas} lists the schemas' texts in the
 * order of their ids, {@code subjects} each subject's ids.
 */
final class StoreFile {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;

  StoreFile(Path file) {
    this.file = file.toAbsolutePath();
  }

  /**
   * Returns the saved contents; empty if there is no file.
   *
   * @throws IOException if the file cannot be read or was not written by {@link #save}
   */
  Contents load() throws IOException {
    if (Files.notExists(file)) {
      return Contents.EMPTY;
    }
    try {
      JsonNode tree = JSON.readTree(Files.readAllBytes(file));
      List<Schema> schemas = new ArrayList<>();
      for (JsonNode schema : tree.required("schemas")) {
        schemas.add(AvroSchemas.parseLeniently(schema.asText()));
      }
      Map<String, List<Integer>> subjects = new TreeMap<>();
      for (Map.Entry<String, JsonNode> subject : tree.required("subjects").properties()) {
        List<Integer> ids = new ArrayList<>();
        for (JsonNode id : subject.getValue()) {
          if (id.asInt() < 1 || id.asInt() > schemas.size()) {
            throw new IllegalArgumentException("there is no schema " + id);
          }
          ids.add(id.asInt());
        }
        subjects.put(subject.getKey(), ids);
      }
      return new Contents(schemas, subjects);
    } catch (IOException | RuntimeException e) {
      throw new IOException("The registry's file %s cannot be read".formatted(file), e);
    }
  }

  /**
   * Replaces the whole file; the data is on disk when this returns.
   *
   * @throws UncheckedIOException on failure; the file is then unchanged
   */
  void save(Contents contents) {
    ObjectNode tree = JSON.createObjectNode();
    ArrayNode schemas = tree.putArray("schemas");
    contents.schemas().forEach(schema -> schemas.add(schema.toString()));
    ObjectNode subjects = tree.putObject("subjects");
    contents
        .subjects()
        .forEach((subject, ids) -> ids.forEach(subjects.withArrayProperty(subject)::add));
    Path next = file.resolveSibling(file.getFileName() + ".next");
    try {
      Path directory = file.getParent();
      if (directory != null) {
        Files.createDirectories(directory);
      }
      ByteBuffer bytes =
          ByteBuffer.wrap(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(tree));
      try (FileChannel channel =
          FileChannel.open(
              next,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("The registry's file %s cannot be saved".formatted(file), e);
    }
  }
}
