package dev.sluice.topology;

import dev.sluice.config.RegistryKeys;
import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.TrustedRecords;
import dev.sluice.operator.OperatorException;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Utils;

/**
 * Makes the configured serializers and deserializers of the contract's records. Each instance is
 * for one thread.
 */
public final class ContractSerdes {
  private static final String SPECIFIC = "specific.avro.reader";

  private final SluiceConfig config;

  /** Creates the factory; makes no instance and no request yet. */
  public ContractSerdes(SluiceConfig config) {
    TrustedRecords.trust();
    this.config = config;
  }

  /**
   * Returns a deserializer to generated records.
   *
   * @throws OperatorException if the class cannot be instantiated
   */
  public Deserializer<Object> deserializer() {
    return deserializer(Map.of(SPECIFIC, true));
  }

  /**
   * Returns a deserializer for {@link dev.sluice.event.codec.EventReader}, which needs the event in
   * the form of its writer's schema. Deserializers other than Sluice's own are configured for
   * generic records: one that returns generated records has already taken unknown records for known
   * ones of the same shape.
   *
   * @throws OperatorException if the class cannot be instantiated
   */
  public Deserializer<Object> eventDeserializer() {
    return config.hasOwnDeserializer()
        ? deserializer()
        : deserializer(Map.of(SPECIFIC, false, "avro.use.logical.type.converters", false));
  }

  @SuppressWarnings("unchecked")
  private Deserializer<Object> deserializer(Map<String, Object> how) {
    var deserializer =
        (Deserializer<Object>)
            instance(
                config.get(RegistryKeys.DESERIALIZER_CLASS),
                RegistryKeys.DESERIALIZER_CLASS.key(),
                Deserializer.class);
    var settings = new HashMap<String, Object>(config.serdeConfig());
    settings.putAll(how);
    configure(
        config.get(RegistryKeys.DESERIALIZER_CLASS),
        RegistryKeys.DESERIALIZER_CLASS.key(),
        () -> deserializer.configure(settings, false));
    return deserializer;
  }

  /**
   * Returns a serializer of generated records.
   *
   * @throws OperatorException if the class cannot be instantiated
   */
  @SuppressWarnings("unchecked")
  public Serializer<Object> serializer() {
    var serializer =
        (Serializer<Object>)
            instance(
                config.get(RegistryKeys.SERIALIZER_CLASS),
                RegistryKeys.SERIALIZER_CLASS.key(),
                Serializer.class);
    Map<String, Object> settings = config.serdeConfig();
    configure(
        config.get(RegistryKeys.SERIALIZER_CLASS),
        RegistryKeys.SERIALIZER_CLASS.key(),
        () -> serializer.configure(settings, false));
    return serializer;
  }

  private static <T> T instance(String className, String key, Class<T> kind) {
    try {
      return Utils.newInstance(className, kind);
    } catch (ClassNotFoundException | LinkageError e) {
      throw new OperatorException(
          "%s is %s, which is not on the class path: put its jar and its dependencies into lib/, or"
                  .formatted(key, className)
              + " build with the profile that brings it",
          e);
    } catch (RuntimeException e) {
      throw new OperatorException(
          "%s is %s, which cannot be used as a %s: %s"
              .formatted(key, className, kind.getName(), e.getMessage()),
          e);
    }
  }

  private static void configure(String className, String key, Runnable configure) {
    try {
      configure.run();
    } catch (RuntimeException e) {
      throw new OperatorException(
          "%s %s refuses its configuration: %s".formatted(key, className, e.getMessage()), e);
    }
  }
}
