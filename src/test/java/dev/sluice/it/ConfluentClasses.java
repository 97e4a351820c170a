package dev.sluice.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Utils;

/**
 * Confluent's serializers, as the build unpacked them: on this thread's class path, and on that of
 * threads that it starts, until closed. Kafka, Avro and Jackson are Sluice's own, as they are where
 * somebody puts Confluent's jars into lib/.
 */
final class ConfluentClasses implements AutoCloseable {
  static final String SERIALIZER = "io.confluent.kafka.serializers.KafkaAvroSerializer";
  static final String DESERIALIZER = "io.confluent.kafka.serializers.KafkaAvroDeserializer";

  private final ClassLoader before = Thread.currentThread().getContextClassLoader();
  private final URLClassLoader loader;

  ConfluentClasses() {
    var folder =
        Path.of(
            System.getProperty(
                "confluent.folder", "target/confluent/META-INF/bundled-dependencies"));
    try (var jars = Files.list(folder)) {
      loader =
          new URLClassLoader(
              jars.map(ConfluentClasses::url).toArray(URL[]::new),
              ConfluentClasses.class.getClassLoader());
    } catch (IOException e) {
      throw new UncheckedIOException("unpacked by mvn pre-integration-test", e);
    }
    Thread.currentThread().setContextClassLoader(loader);
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new UncheckedIOException(e);
    }
  }

  @SuppressWarnings("unchecked")
  Serializer<Object> serializer(Map<String, ?> settings) throws ClassNotFoundException {
    Serializer<Object> serializer = Utils.newInstance(SERIALIZER, Serializer.class);
    serializer.configure(settings, false);
    return serializer;
  }

  @SuppressWarnings("unchecked")
  Deserializer<Object> deserializer(Map<String, ?> settings, boolean specific)
      throws ClassNotFoundException {
    Deserializer<Object> deserializer = Utils.newInstance(DESERIALIZER, Deserializer.class);
    var all = new HashMap<String, Object>(settings);
    all.put("specific.avro.reader", specific);
    deserializer.configure(all, false);
    return deserializer;
  }

  @Override
  public void close() {
    Thread.currentThread().setContextClassLoader(before);
    try {
      loader.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
