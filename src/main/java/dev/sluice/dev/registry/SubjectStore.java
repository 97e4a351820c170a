package dev.sluice.dev.registry;

import dev.sluice.registry.AvroSchemas;
import dev.sluice.registry.IncompatibleSchemaException;
import dev.sluice.registry.RegisteredSchema;
import dev.sluice.registry.SchemaNotFoundException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.SerializationException;

/**
 * The schemas of a registry by subject. Any two schemas of a subject can read each other's data.
 * Thread-safe.
 */
final class SubjectStore {
  /**
   * Immutable contents of a store.
   *
   * @param schemas the schema with id n at index n - 1
   * @param subjects each subject's schema ids, oldest first
   */
  record Contents(List<Schema> schemas, Map<String, List<Integer>> subjects) {
    static final Contents EMPTY = new Contents(List.of(), Map.of());
  }

  /** The only supported level. */
  static final String LEVEL = "FULL_TRANSITIVE";

  private final Consumer<Contents> save;
  private volatile Contents contents;

  /** Creates an empty store in memory. */
  SubjectStore() {
    this(Contents.EMPTY, unsaved -> {});
  }

  /**
   * Creates a store with contents.
   *
   * @param save persists new contents before they become visible; if it throws, they never do
   */
  SubjectStore(Contents contents, Consumer<Contents> save) {
    this.contents = contents;
    this.save = save;
  }

  /** Returns the schema of a subject, registering it if necessary. */
  synchronized RegisteredSchema register(String subject, Schema schema) {
    Contents now = contents;
    int id = idIn(now, schema);
    List<Integer> ids = now.subjects().getOrDefault(subject, List.of());
    int place = ids.indexOf(id);
    if (place >= 0) {
      return new RegisteredSchema(id, place + 1, schemaIn(now, id));
    }
    requireCompatible(subject, schema, now);
    List<Schema> schemas = new ArrayList<>(now.schemas());
    if (id > schemas.size()) {
      schemas.add(schema);
    }
    List<Integer> newIds = new ArrayList<>(ids);
    newIds.add(id);
    Map<String, List<Integer>> subjects = new TreeMap<>(now.subjects());
    subjects.put(subject, newIds);
    Contents next = new Contents(schemas, subjects);
    save.accept(next);
    contents = next;
    return new RegisteredSchema(id, newIds.size(), schema);
  }

  /** Returns whether the schema could be registered under the subject. */
  boolean takes(String subject, Schema schema) {
    try {
      requireCompatible(subject, schema, contents);
      return true;
    } catch (IncompatibleSchemaException e) {
      return false;
    }
  }

  /**
   * Returns the schema of a subject.
   *
   * @throws SchemaNotFoundException if it does not exist
   */
  RegisteredSchema find(String subject, Schema schema) {
    Contents now = contents;
    int place = idsOf(now, subject).indexOf(idIn(now, schema));
    if (place < 0) {
      throw new SchemaNotFoundException(
          SchemaNotFoundException.UNKNOWN_SCHEMA,
          "Subject %s does not have the schema %s".formatted(subject, schema.getFullName()));
    }
    return version(subject, place + 1);
  }

  /**
   * Returns the subject's newest schema.
   *
   * @throws SchemaNotFoundException if the subject does not exist
   */
  RegisteredSchema latest(String subject) {
    return version(subject, versions(subject).size());
  }

  /**
   * Returns the subject's schema of a version.
   *
   * @throws SchemaNotFoundException if it does not exist
   */
  RegisteredSchema version(String subject, int version) {
    Contents now = contents;
    List<Integer> ids = idsOf(now, subject);
    if (version < 1 || version > ids.size()) {
      throw new SchemaNotFoundException(
          SchemaNotFoundException.UNKNOWN_VERSION,
          "Subject %s has no version %d".formatted(subject, version));
    }
    int id = ids.get(version - 1);
    return new RegisteredSchema(id, version, schemaIn(now, id));
  }

  /**
   * Returns the schema with an id.
   *
   * @throws SchemaNotFoundException if it does not exist
   */
  Schema byId(int id) {
    Contents now = contents;
    if (id < 1 || id > now.schemas().size()) {
      throw new SchemaNotFoundException(
          SchemaNotFoundException.UNKNOWN_SCHEMA, "There is no schema with id " + id);
    }
    return schemaIn(now, id);
  }

  /** Returns the subjects' names, sorted. */
  List<String> subjects() {
    return contents.subjects().keySet().stream().sorted().toList();
  }

  /**
   * Returns the subject's version numbers, ascending.
   *
   * @throws SchemaNotFoundException if the subject does not exist
   */
  List<Integer> versions(String subject) {
    return IntStream.rangeClosed(1, idsOf(contents, subject).size()).boxed().toList();
  }

  /**
   * Fails for an unsupported level.
   *
   * @throws SerializationException with the reason
   */
  static void requireLevel(String level) {
    if (!level.equals(LEVEL)) {
      throw new SerializationException(
          "This registry, for development, holds every subject to %s, not to %s"
              .formatted(LEVEL, level));
    }
  }

  private static List<Integer> idsOf(Contents contents, String subject) {
    List<Integer> ids = contents.subjects().get(subject);
    if (ids == null) {
      throw new SchemaNotFoundException(
          SchemaNotFoundException.UNKNOWN_SUBJECT, "There is no subject " + subject);
    }
    return ids;
  }

  private static Schema schemaIn(Contents contents, int id) {
    return contents.schemas().get(id - 1);
  }

  /** Returns the schema's id; a new schema gets the next free one. */
  private static int idIn(Contents contents, Schema schema) {
    String text = schema.toString();
    List<Schema> schemas = contents.schemas();
    for (int i = 0; i < schemas.size(); i++) {
      // Schema.equals ignores documentation, and is the cheaper test.
      if (schemas.get(i).equals(schema) && schemas.get(i).toString().equals(text)) {
        return i + 1;
      }
    }
    return schemas.size() + 1;
  }

  private static void requireCompatible(String subject, Schema schema, Contents contents) {
    List<Integer> ids = contents.subjects().getOrDefault(subject, List.of());
    for (int version = ids.size(); version >= 1; version--) {
      Schema earlier = schemaIn(contents, ids.get(version - 1));
      String backward = AvroSchemas.whyUnreadable(schema, earlier);
      if (backward != null) {
        throw new IncompatibleSchemaException(
            "Subject %s: the new schema cannot read data of version %d: %s"
                .formatted(subject, version, backward));
      }
      String forward = AvroSchemas.whyUnreadable(earlier, schema);
      if (forward != null) {
        throw new IncompatibleSchemaException(
            "Subject %s: version %d cannot read data of the new schema: %s"
                .formatted(subject, version, forward));
      }
    }
  }
}
