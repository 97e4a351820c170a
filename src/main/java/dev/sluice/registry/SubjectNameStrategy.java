package dev.sluice.registry;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.kafka.common.config.ConfigException;

/** Subject under which a record's schema is registered. */
public enum SubjectNameStrategy {
  /** The topic's name and {@code -key} or {@code -value}. */
  TOPIC("TopicNameStrategy") {
    @Override
    String subject(String topic, boolean isKey, Schema schema) {
      return topic + (isKey ? "-key" : "-value");
    }
  },

  /** The full name of the Avro record. */
  RECORD("RecordNameStrategy") {
    @Override
    String subject(String topic, boolean isKey, Schema schema) {
      return schema.getFullName();
    }
  },

  /** The topic's name, a hyphen and the full name of the Avro record. */
  TOPIC_RECORD("TopicRecordNameStrategy") {
    @Override
    String subject(String topic, boolean isKey, Schema schema) {
      return topic + "-" + schema.getFullName();
    }
  };

  private static final String CONFLUENT_PACKAGE = "io.confluent.kafka.serializers.subject.";

  private final String shortName;

  SubjectNameStrategy(String shortName) {
    this.shortName = shortName;
  }

  abstract String subject(String topic, boolean isKey, Schema schema);

  String shortName() {
    return shortName;
  }

  /** Returns the strategy of Confluent's class of this name, with or without its package. */
  static SubjectNameStrategy parse(String key, String name) {
    for (SubjectNameStrategy strategy : values()) {
      if (name.equals(strategy.shortName) || name.equals(CONFLUENT_PACKAGE + strategy.shortName)) {
        return strategy;
      }
    }
    throw new ConfigException(
        key
            + " is "
            + name
            + ", but must be one of "
            + Arrays.stream(values())
                .map(SubjectNameStrategy::shortName)
                .collect(Collectors.joining(", "))
            + " (with or without "
            + CONFLUENT_PACKAGE
            + " before it)");
  }
}
