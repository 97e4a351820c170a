package dev.sluice.config;

import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef.Type;

/** Settings about the Kafka cluster and the topics on it. */
public final class KafkaKeys {
  static final String GROUP = "Kafka";

  public static final String BOOTSTRAP_SERVERS_CONFIG = "bootstrap.servers";
  static final String BOOTSTRAP_SERVERS_DEFAULT = "localhost:9092";
  static final String BOOTSTRAP_SERVERS_DOC =
      "The brokers to connect to first; the others are found through them.";

  public static final String APPLICATION_ID_CONFIG = "application.id";
  static final String APPLICATION_ID_DEFAULT = "sluice";
  static final String APPLICATION_ID_DOC =
      "Names the group of workers that share the work, and begins the names of their internal"
          + " topics. Workers with one id are one Sluice; another id starts from the beginning.";

  public static final String TOPIC_PREFIX_CONFIG = "topic.prefix";
  static final String TOPIC_PREFIX_DEFAULT = "";
  static final String TOPIC_PREFIX_DOC =
      "Put before the names of the public topics, as in `test.product-events` for `test.`.";

  public static final String TOPIC_PARTITIONS_CONFIG = "topic.partitions";
  static final int TOPIC_PARTITIONS_DEFAULT = 6;
  static final String TOPIC_PARTITIONS_DOC =
      "How many partitions a public topic gets when Sluice creates it. One that exists may have"
          + " more, and keeps them; one with fewer is refused at the start.";

  public static final String TOPIC_REPLICATION_FACTOR_CONFIG = "topic.replication.factor";
  static final short TOPIC_REPLICATION_FACTOR_DEFAULT = -1;
  static final String TOPIC_REPLICATION_FACTOR_DOC =
      "How many replicas the topics that Sluice creates get, internal ones too; -1 leaves it to"
          + " the broker.";

  public static final String ACCESS_PARTITIONS_CONFIG = "access.partitions";
  static final int ACCESS_PARTITIONS_DEFAULT = 6;
  static final String ACCESS_PARTITIONS_DOC =
      "How many partitions the users are spread over: the most threads, in all workers together,"
          + " that can write commands at a time. It cannot be changed for an `application.id` that"
          + " has run.";

  public static final String EVENTS_PARTITIONER_CONFIG = "events.partitioner";
  static final String EVENTS_PARTITIONER_DEFAULT = "murmur2";
  static final String EVENTS_PARTITIONER_DOC =
      "How producers of product-events find the partition of a key; an event elsewhere is rejected"
          + " as WRONG_PARTITION. `murmur2`: as Kafka's Java clients do, and librdkafka's with"
          + " `partitioner=murmur2_random`. `crc32`: as librdkafka's clients (Python, Go, .NET) do"
          + " where they are not told else. All producers of a topic must do the same; change it"
          + " with a new topic only.";

  public static final String GROUP_PROTOCOL_CONFIG = "group.protocol";
  static final String GROUP_PROTOCOL_DEFAULT = "classic";
  static final String GROUP_PROTOCOL_DOC =
      "How workers share out partitions: `classic` among themselves, `streams` through the broker"
          + " (Kafka 4.2 or later; Kafka 4.3.1 was seen to lose a group so, and 4.4.0 is not known"
          + " to be better, see docs/reliability.md).";

  private static final int PARTITIONS_MAX = 10_000;
  private static final Pattern SERVER =
      Pattern.compile("(?:[a-zA-Z0-9+_]+://)?(?:\\[[0-9a-fA-F:.%]+\\]|[0-9a-zA-Z._-]+):[0-9]{1,5}");

  private KafkaKeys() {}

  static void define(SluiceConfigDef def) {
    def.group(GROUP)
        .add(
            BOOTSTRAP_SERVERS_CONFIG,
            Type.LIST,
            BOOTSTRAP_SERVERS_DEFAULT,
            Allowed.listOf(
                "one or more of host:port, with ports from 1 to 65535, separated by commas",
                SERVER.asMatchPredicate().and(ApiKeys::hasPort)),
            BOOTSTRAP_SERVERS_DOC)
        .add(
            APPLICATION_ID_CONFIG,
            Type.STRING,
            APPLICATION_ID_DEFAULT,
            Allowed.topicPart(),
            APPLICATION_ID_DOC)
        .add(
            TOPIC_PREFIX_CONFIG,
            Type.STRING,
            TOPIC_PREFIX_DEFAULT,
            Allowed.topicPrefix(),
            TOPIC_PREFIX_DOC)
        .add(
            TOPIC_PARTITIONS_CONFIG,
            Type.INT,
            TOPIC_PARTITIONS_DEFAULT,
            Allowed.between(1, PARTITIONS_MAX),
            TOPIC_PARTITIONS_DOC)
        .add(
            TOPIC_REPLICATION_FACTOR_CONFIG,
            Type.SHORT,
            TOPIC_REPLICATION_FACTOR_DEFAULT,
            Allowed.minusOneOrBetween(1, Short.MAX_VALUE),
            TOPIC_REPLICATION_FACTOR_DOC)
        .add(
            ACCESS_PARTITIONS_CONFIG,
            Type.INT,
            ACCESS_PARTITIONS_DEFAULT,
            Allowed.between(1, PARTITIONS_MAX),
            ACCESS_PARTITIONS_DOC)
        .add(
            EVENTS_PARTITIONER_CONFIG,
            Type.STRING,
            EVENTS_PARTITIONER_DEFAULT,
            Allowed.oneOf("murmur2", "crc32"),
            EVENTS_PARTITIONER_DOC)
        .add(
            GROUP_PROTOCOL_CONFIG,
            Type.STRING,
            GROUP_PROTOCOL_DEFAULT,
            Allowed.oneOf("classic", "streams"),
            GROUP_PROTOCOL_DOC);
  }
}
