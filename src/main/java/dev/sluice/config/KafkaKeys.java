package dev.sluice.config;

import java.util.List;
import java.util.regex.Pattern;

/** Settings of the Kafka cluster and its topics. */
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
          .doc("The brokers to connect to first; they name the others.");

  public static final Setting<String> APPLICATION_ID =
      GROUP
          .text("application.id", "sluice")
          .allowed(SettingValidator.topicPart())
          .doc(
              "Names the group of workers that share the work. The names of their internal topics"
                  + " begin with it. Workers with the same id form one Sluice; a new id starts from"
                  + " the beginning.");

  public static final Setting<String> TOPIC_PREFIX =
      GROUP
          .text("topic.prefix", "")
          .allowed(SettingValidator.topicPrefix())
          .doc(
              "The prefix of the names of the public topics, as in `test.product-events` for"
                  + " `test.`.");

  public static final Setting<Integer> TOPIC_PARTITIONS =
      GROUP
          .integer("topic.partitions", 6)
          .between(1, PARTITIONS_MAX)
          .doc(
              "Number of partitions of a public topic that Sluice creates. An existing topic may"
                  + " have more partitions; with fewer, the worker does not start.");

  public static final Setting<Short> TOPIC_REPLICATION_FACTOR =
      GROUP
          .integer("topic.replication.factor", -1)
          .allowed(SettingValidator.minusOneOrBetween(1, Short.MAX_VALUE))
          .as(Integer::shortValue)
          .doc(
              "Number of replicas of the topics that Sluice creates, internal ones included; -1"
                  + " uses the broker's default.");

  public static final Setting<Integer> ACCESS_PARTITIONS =
      GROUP
          .integer("access.partitions", 6)
          .between(1, PARTITIONS_MAX)
          .doc(
              "Number of partitions for users. It is the maximum number of threads, of all workers"
                  + " together, that write commands at the same time. It cannot be changed for an"
                  + " `application.id` that has run.");

  public static final Setting<String> EVENTS_PARTITIONER =
      GROUP
          .text("events.partitioner", "murmur2")
          .oneOf("murmur2", "crc32")
          .doc(
              "How producers of product-events choose the partition of a key. An event in another"
                  + " partition is rejected as WRONG_PARTITION. `murmur2`: the default of Kafka's"
                  + " Java clients, and of librdkafka with `partitioner=murmur2_random`. `crc32`:"
                  + " the default of librdkafka's other clients (Python, Go, .NET). All producers"
                  + " of a topic must use the same. Change it only with a new topic.");

  public static final Setting<String> GROUP_PROTOCOL =
      GROUP
          .text("group.protocol", "classic")
          .oneOf("classic", "streams")
          .doc(
              "How workers assign partitions: `classic` among themselves, `streams` through the"
                  + " broker (Kafka 4.2 or later; Kafka 4.3.1 was seen to lose a group with it, and"
                  + " 4.4.0 is not known to be better, see docs/reliability.md).");

  private KafkaKeys() {}
}
