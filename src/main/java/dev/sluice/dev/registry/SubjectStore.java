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
 * The schemas of a registry and the subjects they are under. Any two schemas of a subject can read
 * each other's data. Safe for use by several threads.
 */
final class SubjectStore {
  /**
   * What a store holds; immutable.
   *
   * @param schemas the schema with id n at place n - 1
   * @param subjects each subject's schema ids, oldest first
   */
  record Contents(List<Schema> schemas, Map<String, List<Integer>> subjects) {
    static final Contents EMPTY = new Contents(List.of(), Map.of());
  }

  /** The one level that it knows. */
  static final String LEVEL = "FULL_TRANSITIVE";

  private final Consumer<Contents> save;
  private volatile Contents contents;

  /** An empty store that lives in memory alone. */
  SubjectStore() {
    this(Contents.EMPTY, unsaved -> {});
  }

  /**
   * A store with contents.
   *
   * @param save takes the new contents before they come to count; when it throws, they never do
   */
  SubjectStore(Contents contents, Consumer<Contents> save) {
    this.contents = contents;
    this.save = save;
  }

  /** The schema under the subject, put there if need be. */
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

  /** Whether the schema could be put under the subject. */
  boolean takes(String subject, Schema schema) {
    try {
      requireCompatible(subject, schema, contents);
      return true;
    } catch (IncompatibleSchemaException e) {
      return false;
    }
  }

  /**
   * The schema under the subject.
   *
   * @throws SchemaNotFoundException when it is not there
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
   * The subject's newest schema.
   *
   * @throws SchemaNotFoundException when there is no such subject
   */
  RegisteredSchema latest(String subject) {
    return version(subject, versions(subject).size());
  }

  /**
   * The subject's schema of this version.
   *
   * @throws SchemaNotFoundException when there is none
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
   * The schema with this id.
   *
   * @throws SchemaNotFoundException when there is none
   */
  Schema byId(int id) {
    Contents now = contents;
    if (id < 1 || id > now.schemas().size()) {
      throw new SchemaNotFoundException(
          SchemaNotFoundException.UNKNOWN_SCHEMA, "There is no schema with id " + id);
    }
    return schemaIn(now, id);
  }

  /** The subjects' names, sorted. */
  List<String> subjects() {
    return contents.subjects().keySet().stream().sorted().toList();
  }

  /**
   * The subject's version numbers, rising.
   *
   * @throws SchemaNotFoundException when there is no such subject
   */
  List<Integer> versions(String subject) {
    return IntStream.rangeClosed(1, idsOf(contents, subject).size()).boxed().toList();
  }

  /**
   * Fails for a level that this store does not hold its subjects to.
   *
   * @throws SerializationException in words
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

  /** The schema's id, which is the next free one when the schema is new. */
  private static int idIn(Contents contents, Schema schema) {
    String text = schema.toString();
    List<Schema> schemas = contents.schemas();
    for (int i = 0; i < schemas.size(); i++) {
      // Schema.equals leaves out documentation, and is the cheaper test.
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
