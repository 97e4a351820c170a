package dev.sluice.startup;

import dev.sluice.avro.AccessCommand;
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
 * Makes the registry ready for the topics that Sluice writes: their schemas are there, and their
 * subjects take only what fits beside them. The input's subject is left to whoever writes events.
 *
 * <p>Nothing is done where {@code auto.register.schemas} is false. With another serializer than
 * Sluice's, which may register schemas in a form of its own, only the level is set.
 */
public final class RegistrySetup {

  /**
   * What came of it, in sentences.
   *
   * @param done what was changed
   * @param warnings what could not be, and what to do
   */
  public record Outcome(List<String> done, List<String> warnings) {

    /** Tells the log. */
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
   * Does what is to be done; a registry that does not answer or does not let us is no reason not to
   * go on.
   *
   * @throws OperatorException when the registry refuses a schema: nothing could be written with it
   */
  public static Outcome ensure(SluiceConfig config) {
    var setup = new RegistrySetup(config);
    if (config.registersSchemas()) {
      setup.prepare();
    }
    return new Outcome(List.copyOf(setup.done), List.copyOf(setup.warnings));
  }

  private void prepare() {
    try (var subjects = new SubjectSetup(config.serdeConfig())) {
      for (var entry : written().entrySet()) {
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

  /** The level first, so that it counts for the schema too, where the registry can do it first. */
  private void prepare(SubjectSetup subjects, String subject, Schema schema) {
    var problem = hold(subjects, subject);
    if (config.hasOwnSerializer()) {
      subjects.register(subject, schema);
      problem = problem == null ? null : hold(subjects, subject);
    }
    if (problem != null) {
      warnings.add(problem);
    }
  }

  /** Returns why the subject is not held to the level; null where it is, or need not be. */
  private @Nullable String hold(SubjectSetup subjects, String subject) {
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
      return unheld(subject, e);
    } catch (RegistryUnavailableException e) {
      if (config.hasOwnSerializer()) {
        return unheld(subject, e); // it may still register schemas; if not, that is what counts
      }
      throw e;
    }
  }

  private String unheld(String subject, RuntimeException why) {
    return "the compatibility of subject %s is not set to %s: ".formatted(subject, level)
        + why.getMessage()
        + REMEDY;
  }

  /** The topics that the worker writes records of its own to. */
  private Map<String, Schema> written() {
    var topics = new Topics(config.topicPrefix());
    var schemas = new LinkedHashMap<String, Schema>();
    schemas.put(topics.accessCommands(), AccessCommand.getClassSchema());
    schemas.put(topics.productStatus(), ProductStatus.getClassSchema());
    schemas.put(topics.requestStatus(), RequestStatus.getClassSchema());
    return schemas;
  }
}
