package dev.sluice.startup;

import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.AccessDelivery;
import dev.sluice.avro.ProductStatus;
import dev.sluice.avro.RequestStatus;
import dev.sluice.config.RegistryKeys;
import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.operator.OperatorException;
import dev.sluice.registry.IncompatibleSchemaException;
import dev.sluice.registry.RegistryUnavailableException;
import dev.sluice.registry.SchemaNotFoundException;
import dev.sluice.registry.SubjectSetup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Prepares the registry for the topics that Sluice writes: registers their schemas, and sets the
 * compatibility of their subjects. The producers own the input's subject.
 *
 * <p>Nothing is done if {@code auto.register.schemas} is false. With a serializer other than
 * Sluice's, which may register schemas in its own form, only the level is set.
 */
public final class RegistrySetup {

  /**
   * Result as sentences.
   *
   * @param done changes
   * @param warnings failed changes, with the remedy
   */
  public record Outcome(List<String> done, List<String> warnings) {

    /** Writes the result to the log. */
    public void log(Logger log) {
      done.forEach(log::info);
      warnings.forEach(log::warn);
    }
  }

  private static final String REMEDY =
      "; grant the worker the right to it, or set "
          + RegistryKeys.COMPATIBILITY.key()
          + "=unchanged";

  private final SluiceConfig config;
  private final @Nullable String level;
  private final List<String> done = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  private RegistrySetup(SluiceConfig config) {
    this.config = config;
    this.level = config.schemaCompatibility();
  }

  /**
   * Makes the changes; a registry that does not answer, or refuses access, does not prevent the
   * start.
   *
   * @throws OperatorException if the registry rejects a schema, so that nothing could be written
   *     with it
   */
  public static Outcome ensure(SluiceConfig config) {
    return ensure(config, written(config));
  }

  /**
   * Makes the changes for the topic that delivery writes; otherwise the same.
   *
   * @throws OperatorException if the registry rejects a schema
   */
  public static Outcome ensureDelivery(SluiceConfig config) {
    return ensure(
        config,
        Map.of(new Topics(config.topicPrefix()).accessDelivery(), AccessDelivery.getClassSchema()));
  }

  private static Outcome ensure(SluiceConfig config, Map<String, Schema> written) {
    var setup = new RegistrySetup(config);
    if (config.registersSchemas()) {
      setup.prepare(written);
    }
    return new Outcome(List.copyOf(setup.done), List.copyOf(setup.warnings));
  }

  private void prepare(Map<String, Schema> written) {
    try (var subjects = new SubjectSetup(config.serdeConfig())) {
      for (var entry : written.entrySet()) {
        prepare(subjects, subjects.subject(entry.getKey(), entry.getValue()), entry.getValue());
      }
    } catch (IncompatibleSchemaException e) {
      throw new OperatorException(String.valueOf(e.getMessage()), e);
    } catch (RegistryUnavailableException e) {
      warnings.add(e.getMessage() + "; the registry is not set up, the next start tries again");
    } catch (ConfigException | SerializationException e) {
      warnings.add("the registry cannot be set up: " + e.getMessage() + REMEDY);
    }
  }

  /** Sets the level first, if possible, so that it applies to the schema too. */
  private void prepare(SubjectSetup subjects, String subject, Schema schema) {
    var problem = setCompatibility(subjects, subject);
    if (config.hasOwnSerializer()) {
      subjects.register(subject, schema);
      problem = problem == null ? null : setCompatibility(subjects, subject);
    }
    if (problem != null) {
      warnings.add(problem);
    }
  }

  /** Returns why the level of a subject is not set; null if it is set, or need not be. */
  private @Nullable String setCompatibility(SubjectSetup subjects, String subject) {
    if (level == null) {
      return null;
    }
    try {
      if (subjects.setCompatibility(subject, level)) {
        done.add("set the compatibility of subject %s to %s".formatted(subject, level));
      }
      return null;
    } catch (SchemaNotFoundException e) {
      return "the compatibility of subject %s is not set yet, since the subject does not exist; the next start sets it"
          .formatted(subject);
    } catch (SerializationException e) {
      return notSet(subject, e);
    } catch (RegistryUnavailableException e) {
      if (config.hasOwnSerializer()) {
        return notSet(
            subject, e); // it may still register schemas; if not, that is the relevant error
      }
      throw e;
    }
  }

  private String notSet(String subject, RuntimeException why) {
    return "the compatibility of subject %s is not set to %s: ".formatted(subject, level)
        + why.getMessage()
        + REMEDY;
  }

  /** Returns the topics that the worker writes its own records to. */
  private static Map<String, Schema> written(SluiceConfig config) {
    var topics = new Topics(config.topicPrefix());
    var schemas = new LinkedHashMap<String, Schema>();
    schemas.put(topics.accessCommands(), AccessCommand.getClassSchema());
    schemas.put(topics.productStatus(), ProductStatus.getClassSchema());
    schemas.put(topics.requestStatus(), RequestStatus.getClassSchema());
    return schemas;
  }
}
