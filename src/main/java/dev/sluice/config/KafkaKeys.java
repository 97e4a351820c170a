package dev.sluice.config;

import java.util.List;
import java.util.regex.Pattern;

/** Settings about the Kafka cluster and the topics on it. */
public final class KafkaKeys {
  static final SettingGroup GROUP = new SettingGroup("Kafka");

  private static final int PARTITIONS_MAX = 10_000;
  private static final Pattern SERVER =
      Pattern.compile("(?:[a-zA-Z0-9+_]+://)?(?:\\[[0-9a-fA-F:.%]+\\]|[0-9a-zA-Z._-]+):[0-9]{1,5}");

  public static final Setting<List<String>> BOOTSTRAP_SERVERS =
      GROUP
          .list("bootstrap.servers", "localhost:9092")
          .allowed(
              SettingValidator.listOf(
                  "one or more of host:port, with ports from 1 to 65535, separated by commas",
                  SERVER.asMatchPredicate().and(ApiKeys::hasPort)))
          .doc("The brokers to connect to first; the others are found through them.");

  public static final Setting<String> APPLICATION_ID =
      GROUP
          .text("application.id", "sluice")
          .allowed(SettingValidator.topicPart())
          .doc(
              "Names the group of workers that share the work, and begins the names of their"
                  + " internal topics. Workers with one id are one Sluice; another id starts from"
                  + " the beginning.");

  public static final Setting<String> TOPIC_PREFIX =
      GROUP
          .text("topic.prefix", "")
          .allowed(SettingValidator.topicPrefix())
          .doc(
              "Put before the names of the public topics, as in `test.product-events` for"
                  + " `test.`.");

  public static final Setting<Integer> TOPIC_PARTITIONS =
      GROUP
          .integer("topic.partitions", 6)
          .between(1, PARTITIONS_MAX)
          .doc(
              "How many partitions a public topic gets when Sluice creates it. One that exists may"
                  + " have more, and keeps them; one with fewer is refused at the start.");

  public static final Setting<Short> TOPIC_REPLICATION_FACTOR =
      GROUP
          .integer("topic.replication.factor", -1)
          .allowed(SettingValidator.minusOneOrBetween(1, Short.MAX_VALUE))
          .as(Integer::shortValue)
          .doc(
              "How many replicas the topics that Sluice creates get, internal ones too; -1 leaves"
                  + " it to the broker.");

  public static final Setting<Integer> ACCESS_PARTITIONS =
      GROUP
          .integer("access.partitions", 6)
          .between(1, PARTITIONS_MAX)
          .doc(
              "How many partitions the users are spread over: the most threads, in all workers"
                  + " together, that can write commands at a time. It cannot be changed for an"
                  + " `application.id` that has run.");

  public static final Setting<String> EVENTS_PARTITIONER =
      GROUP
          .text("events.partitioner", "murmur2")
          .oneOf("murmur2", "crc32")
          .doc(
              "How producers of product-events find the partition of a key; an event elsewhere is"
                  + " rejected as WRONG_PARTITION. `murmur2`: as Kafka's Java clients do, and"
                  + " librdkafka's with `partitioner=murmur2_random`. `crc32`: as librdkafka's"
                  + " clients (Python, Go, .NET) do where they are not told else. All producers of"
                  + " a topic must do the same; change it with a new topic only.");

  public static final Setting<String> GROUP_PROTOCOL =
      GROUP
          .text("group.protocol", "classic")
          .oneOf("classic", "streams")
          .doc(
              "How workers share out partitions: `classic` among themselves, `streams` through the"
                  + " broker (Kafka 4.2 or later; Kafka 4.3.1 was seen to lose a group so, and"
                  + " 4.4.0 is not known to be better, see docs/reliability.md).");

  private KafkaKeys() {}
}
