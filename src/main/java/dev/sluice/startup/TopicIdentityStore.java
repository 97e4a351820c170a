package dev.sluice.startup;

import dev.sluice.operator.OperatorException;
import dev.sluice.operator.RecoveryAdvice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Identities of the topics that a worker needs, by Kafka's topic ids: a topic that was deleted and
 * created again has the same name, and another id.
 *
 * <p>The ids of the state's topics are stored in the state folder, so that state is never used with
 * another topic's records.
 */
public final class TopicIdentityStore {
  private static final String FILE = "topics.properties";

  private final Set<String> ofState;
  private final UnaryOperator<String> remedies;
  private final @Nullable Path file;
  private final Map<String, Uuid> ids = new HashMap<>();
  private final Set<String> missedOnce = new LinkedHashSet<>();

  /** True while new topic ids are not yet persisted. */
  private boolean unsaved;

  /**
   * Reads the stored ids.
   *
   * @param inputs the topics of events
   * @param internal the names of the internal topics
   * @param folder folder of stored ids; null for none
   */
  TopicIdentityStore(List<String> inputs, Collection<String> internal, @Nullable Path folder) {
    this(
        Stream.concat(inputs.stream(), internal.stream()).toList(),
        topic -> remedy(topic, inputs, internal),
        folder);
  }

  /**
   * Reads the stored ids.
   *
   * @param ofState the topics that the state belongs to
   * @param remedies returns the remedy for a topic that was deleted; it follows the sentence
   * @param folder folder of stored ids; null for none
   */
  TopicIdentityStore(
      Collection<String> ofState, UnaryOperator<String> remedies, @Nullable Path folder) {
    this.ofState = new LinkedHashSet<>(ofState);
    this.remedies = remedies;
    this.file = folder == null ? null : folder.resolve(FILE);
    if (file != null && Files.exists(file)) {
      load(file);
    }
  }

  private void load(Path kept) {
    var properties = new Properties();
    try (var in = Files.newInputStream(kept)) {
      properties.load(in);
      properties.forEach(
          (name, id) -> {
            if (ofState.contains(String.valueOf(name))) {
              ids.put(String.valueOf(name), Uuid.fromString(String.valueOf(id)));
            }
          });
    } catch (IOException | IllegalArgumentException e) {
      throw new OperatorException(
          "cannot read %s: %s; delete the folder %s, the state is then restored from Kafka"
              .formatted(kept, e, kept.getParent()),
          e);
    }
  }

  /**
   * Compares the topics with the known ones, and stores new ids.
   *
   * @param present the ids of existing topics
   * @param missing missing topics
   * @return problem and remedy; null if there is none
   */
  @Nullable String update(Map<String, Uuid> present, Collection<String> missing) {
    var problem = compare(present, missing);
    if (problem == null && unsaved) {
      save();
      unsaved = false;
    }
    return problem;
  }

  /** Compares the topics without storing anything. */
  @Nullable String compare(Map<String, Uuid> present, Collection<String> missing) {
    for (var topic : missing) {
      // A broker answers from its copy of the metadata, which can be slightly old.
      if (ids.containsKey(topic) && !missedOnce.add(topic)) {
        return "topic " + topic + " was deleted" + remedies.apply(topic);
      }
    }
    missedOnce.retainAll(missing);
    for (var entry : present.entrySet()) {
      var known = ids.putIfAbsent(entry.getKey(), entry.getValue());
      unsaved |= known == null && ofState.contains(entry.getKey());
      if (known != null && !known.equals(entry.getValue())) {
        return "topic "
            + entry.getKey()
            + " was deleted and created again"
            + remedies.apply(entry.getKey());
      }
    }
    return null;
  }

  /** Returns whether a known topic was missing at the last read, and may exist at the next. */
  boolean misses() {
    return !missedOnce.isEmpty();
  }

  private static String remedy(String topic, List<String> inputs, Collection<String> internal) {
    if (inputs.contains(topic)) {
      return ": events not yet read are lost; access that was granted stays granted, and the state"
          + " contains it. To continue with new events, stop all workers, delete their state"
          + " folders (data.dir), create the topic with ./sluice topics create, and start:"
          + " the worker then names the command for the group's offsets";
    }
    if (internal.contains(topic)) {
      return ": " + RecoveryAdvice.stateLost(String.join(" and ", inputs));
    }
    return ": new readers will not find its former content. Stop all workers, create it with"
        + " ./sluice topics create (delete it first, if another program created it again),"
        + " and start: the worker continues with new records. To get all records again, "
        + RecoveryAdvice.BEGIN_ANEW;
  }

  private void save() {
    if (file == null) {
      return;
    }
    var properties = new Properties();
    ids.forEach(
        (name, id) -> {
          if (ofState.contains(name)) {
            properties.setProperty(name, id.toString());
          }
        });
    try {
      var next = file.resolveSibling(FILE + ".new");
      try (var out = Files.newOutputStream(next)) {
        properties.store(out, "The topics that the state in this folder belongs to");
      }
      Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
