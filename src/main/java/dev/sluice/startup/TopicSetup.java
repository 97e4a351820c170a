package dev.sluice.startup;

import dev.sluice.config.KafkaKeys;
import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.failure.FailureHandler;
import dev.sluice.limits.SizeLimits;
import dev.sluice.operator.OperatorException;
import dev.sluice.operator.RecoveryAdvice;
import dev.sluice.update.UpdatesTopic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Checks public topics, creates missing ones, and reports problems of others. */
public final class TopicSetup {
  private static final Duration VISIBLE_WITHIN = Duration.ofSeconds(30);
  private static final Duration VISIBLE_POLL = Duration.ofMillis(50);

  /**
   * State of one topic.
   *
   * @param partitions number of partitions; 0 if missing
   * @param cleanup its cleanup.policy; empty if missing
   * @param problem problem and remedy; null if there is none, or the topic is missing
   * @param retention retention in the topic's settings; empty for a compacted topic, or if unknown
   * @param warning a tolerable risk and its remedy; null for none
   */
  public record Finding(
      String topic,
      int partitions,
      String cleanup,
      @Nullable String problem,
      String retention,
      @Nullable String warning) {

    Finding(String topic, int partitions, String cleanup, @Nullable String problem) {
      this(topic, partitions, cleanup, problem, "", null);
    }

    /** Returns whether the topic is missing. */
    public boolean missing() {
      return partitions == 0;
    }
  }

  /** Value of message.timestamp.before.max.ms without a limit. */
  private static final String ANY_AGE = Long.toString(Long.MAX_VALUE);

  private static final List<String> RETENTION =
      List.of(TopicConfig.RETENTION_MS_CONFIG, TopicConfig.RETENTION_BYTES_CONFIG);

  private static final String FOR_EVER = "-1";
  private static final String UNCOMPRESSED = "uncompressed";

  /** Retention of results: delivery has read them long before. */
  private static final String RESULTS_RETENTION_MS = Long.toString(Duration.ofDays(7).toMillis());

  private final Admin admin;
  private final SluiceConfig config;
  private final Topics topics;

  /** The topics that are set up, in order. */
  private final List<String> names;

  /** Creates the setup of a worker's topics, for one cluster and configuration. */
  public TopicSetup(Admin admin, SluiceConfig config) {
    this(admin, config, new Topics(config.topicPrefix()).all());
  }

  private TopicSetup(Admin admin, SluiceConfig config, List<String> names) {
    this.admin = admin;
    this.config = config;
    this.topics = new Topics(config.topicPrefix());
    this.names = names;
  }

  /** Creates the setup of delivery's topics. */
  public static TopicSetup ofDelivery(Admin admin, SluiceConfig config) {
    var topics = new Topics(config.topicPrefix());
    return new TopicSetup(
        admin,
        config,
        Stream.concat(Stream.of(topics.accessCommands()), topics.ofDelivery().stream()).toList());
  }

  /** Creates the setup of a worker's topics and delivery's. */
  public static TopicSetup withDelivery(Admin admin, SluiceConfig config) {
    var topics = new Topics(config.topicPrefix());
    return new TopicSetup(
        admin, config, Stream.concat(topics.all().stream(), topics.ofDelivery().stream()).toList());
  }

  /** Returns the topics that are set up. */
  public List<String> names() {
    return names;
  }

  /** Checks the topics, and a worker's internal one between the stages if it exists. */
  public List<Finding> check() {
    var findings = new ArrayList<Finding>();
    names.forEach(topic -> findings.add(check(topic)));
    if (names.containsAll(topics.all())) {
      var internal = checkUpdates();
      if (internal.problem() != null) {
        findings.add(internal);
      }
    }
    return findings;
  }

  /** Checks the internal topic between the stages. */
  public Finding checkUpdates() {
    var name = UpdatesTopic.of(config.applicationId());
    var updates = describe(name);
    var partitions = updates == null ? 0 : updates.partitions().size();
    if (updates == null
        || partitions == config.get(KafkaKeys.ACCESS_PARTITIONS)
        || isWidened(partitions)) {
      return new Finding(name, partitions, partitions == 0 ? "" : "delete", null);
    }
    return new Finding(
        name,
        partitions,
        "delete",
        "topic %s has %d partitions, but access.partitions is %d: set access.partitions=%d; the"
                .formatted(name, partitions, config.get(KafkaKeys.ACCESS_PARTITIONS), partitions)
            + " number is fixed by the first start, since the state depends on it");
  }

  /**
   * Returns whether partitions were added to the topic between the stages: then access.partitions
   * is right, and {@link PartitionCountCheck} reports the remedy.
   */
  private boolean isWidened(int partitions) {
    return InternalTopics.of(config).changelogs().entrySet().stream()
        .filter(e -> e.getValue().equals(UpdatesTopic.of(config.applicationId())))
        .map(e -> describe(e.getKey()))
        .anyMatch(state -> state != null && state.partitions().size() != partitions);
  }

  /**
   * Creates missing topics.
   *
   * @return the created topics
   * @throws OperatorException if a topic is wrong; then none is created
   */
  public List<String> ensure() {
    var findings = check();
    var problems =
        findings.stream().flatMap(f -> Optional.ofNullable(f.problem()).stream()).toList();
    if (!problems.isEmpty()) {
      throw new OperatorException(String.join("\n", problems));
    }
    var made = new ArrayList<String>();
    for (var finding : findings) {
      if (finding.missing()) {
        if (create(finding.topic())) {
          made.add(finding.topic());
        }
        awaitVisible(finding.topic());
      }
    }
    return made;
  }

  /** Waits until the brokers know a topic that was just created. */
  private void awaitVisible(String topic) {
    var deadline = System.nanoTime() + VISIBLE_WITHIN.toNanos();
    while (describe(topic) == null) {
      if (System.nanoTime() - deadline > 0) {
        throw new OperatorException(
            "topic %s was created, but %s does not know it after %d s: start again"
                .formatted(topic, config.bootstrapServers(), VISIBLE_WITHIN.toSeconds()));
      }
      try {
        Thread.sleep(VISIBLE_POLL);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new OperatorException("interrupted while waiting for topic " + topic, e);
      }
    }
  }

  /**
   * Fails if a topic is missing that existed before: a worker has created the internal topic, and
   * public ones are created first.
   *
   * @throws OperatorException with the remedy
   */
  void requireNoLostTopics() {
    if (describe(UpdatesTopic.of(config.applicationId())) == null) {
      return;
    }
    for (var topic : topics.all()) {
      if (describe(topic) == null && !isNew(topic)) {
        throw new OperatorException(
            ("topic %s is missing, but application.id %s has worked before: it was deleted%s. To"
                 + " continue without its content, create it with ./sluice topics create; to have"
                 + " all of it again, %s")
                .formatted(
                    topic,
                    config.applicationId(),
                    topics.isInput(topic)
                        ? ", and events not yet read are lost"
                        : ", and its new readers will not find its former content",
                    RecoveryAdvice.BEGIN_ANEW));
      }
    }
  }

  /** Returns whether the worker that worked before was of a version without the topic. */
  private boolean isNew(String topic) {
    return topic.equals(topics.userEvents())
        && describe(config.applicationId() + "-user-events-read-changelog") == null;
  }

  /** Checks one public topic. */
  public Finding check(String topic) {
    var description = describe(topic);
    if (description == null) {
      return new Finding(topic, 0, "", null);
    }
    var partitions = description.partitions().size();
    var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    var settings =
        get(admin.describeConfigs(List.of(resource)).all(), topic)
            .getOrDefault(resource, new Config(List.of()));
    var policy = settings.get(TopicConfig.CLEANUP_POLICY_CONFIG);
    var cleanup = policy == null ? "unknown" : policy.value();
    var size = settings.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
    // If a broker does not report it, writing a large record shows the problem.
    var bytesMax = size == null ? Integer.MAX_VALUE : Integer.parseInt(size.value());
    var problem = problem(topic, partitions, cleanup, bytesMax);
    var isKept = !cleanup.equals(TopicConfig.CLEANUP_POLICY_COMPACT);
    return new Finding(
        topic,
        partitions,
        cleanup,
        problem == null ? timestampProblem(topic, settings) : problem,
        isKept ? retention(settings) : "",
        topics.isInput(topic) ? warning(topic, settings) : null);
  }

  private static String retention(Config settings) {
    return RETENTION.stream()
        .map(settings::get)
        .filter(entry -> entry != null && entry.value() != null)
        .map(entry -> entry.name() + "=" + entry.value())
        .collect(Collectors.joining(", "));
  }

  private @Nullable String warning(String topic, Config settings) {
    var warnings =
        Stream.of(retentionWarning(topic, settings), compressionWarning(topic, settings))
            .filter(Objects::nonNull)
            .toList();
    return warnings.isEmpty() ? null : String.join("\n", warnings);
  }

  private @Nullable String compressionWarning(String topic, Config settings) {
    var entry = settings.get(TopicConfig.COMPRESSION_TYPE_CONFIG);
    return entry == null || entry.value() == null || entry.value().equals(UNCOMPRESSED)
        ? null
        : ("topic %s has %s=%s: the broker then compares max.message.bytes with the compressed"
                + " size, and a record of a few kilobytes can fill a worker's memory; change it:"
                + " %s")
            .formatted(
                topic,
                entry.name(),
                entry.value(),
                alter(topic, entry.name() + "=" + UNCOMPRESSED));
  }

  private @Nullable String retentionWarning(String topic, Config settings) {
    for (var name : RETENTION) {
      var entry = settings.get(name);
      if (entry != null && entry.value() != null && !entry.value().equals(FOR_EVER)) {
        return ("topic %s has %s=%s: older records are deleted, read or not, and afterwards a new"
                + " beginning is impossible, since the events are the only record of granted"
                + " access; keep them: %s")
            .formatted(topic, name, entry.value(), alter(topic, name + "=" + FOR_EVER));
      }
    }
    return null;
  }

  private String alter(String topic, String setting) {
    return RecoveryAdvice.alterTopic(config, topic, setting);
  }

  private @Nullable String problem(String topic, int partitions, String cleanup, int bytesMax) {
    if (!cleanup.equals(cleanupOf(topic))) {
      var why =
          topic.equals(topics.accessResults())
              ? "compaction would remove results that were not read yet"
              : topics.isInput(topic)
                  ? "compaction would remove events that were not read yet"
                  : isCompacted(topic)
                      ? "a new reader must find the newest value of every key, however old it is"
                      : "rejected events must be kept whole, with and without keys";
      return "topic %s has cleanup.policy=%s, but %s; change it: %s"
          .formatted(topic, cleanup, why, alter(topic, "cleanup.policy=" + cleanupOf(topic)));
    }
    var bytesMin = bytesMin(topic);
    if (bytesMax < bytesMin) {
      return ("topic %s has max.message.bytes=%d, but its records may take %d bytes, and"
              + " the worker would stop at such a record; change it: %s")
          .formatted(topic, bytesMax, bytesMin, alter(topic, "max.message.bytes=" + bytesMin));
    }
    if (topics.ofDelivery().contains(topic)) {
      return topic.equals(topics.accessResults()) ? resultsProblem(partitions) : null;
    }
    if (partitions < config.get(KafkaKeys.TOPIC_PARTITIONS)) {
      return ("topic %s has %d partitions, but topic.partitions is %d: set topic.partitions=%d, or,"
              + " while the topic is empty, increase its number: kafka-topics.sh"
              + " --bootstrap-server %s --alter --topic %s --partitions %d")
          .formatted(
              topic,
              partitions,
              config.get(KafkaKeys.TOPIC_PARTITIONS),
              partitions,
              config.bootstrapServers(),
              topic,
              config.get(KafkaKeys.TOPIC_PARTITIONS));
    }
    return null;
  }

  /** Returns the problem of a topic of results that has not as many partitions as the commands'. */
  private @Nullable String resultsProblem(int partitions) {
    var commands = describe(topics.accessCommands());
    if (commands == null || commands.partitions().size() == partitions) {
      return null;
    }
    var wanted = commands.partitions().size();
    return ("topic %s has %d partitions, but %s has %d: a result must be in the partition of its"
            + " command; %s")
        .formatted(
            topics.accessResults(),
            partitions,
            topics.accessCommands(),
            wanted,
            partitions < wanted
                ? "stop its writers, and increase the number: kafka-topics.sh --bootstrap-server %s --alter --topic %s --partitions %d"
                    .formatted(config.bootstrapServers(), topics.accessResults(), wanted)
                : "Kafka cannot remove partitions: stop its writers and delivery, delete the topic,"
                    + " and create it with ./sluice topics create --delivery");
  }

  /**
   * Returns a problem of the timestamp limit: records carry their event's time, which may be long
   * ago.
   */
  private @Nullable String timestampProblem(String topic, Config settings) {
    var type = settings.get(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG);
    var before = settings.get(TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG);
    if (topics.isInput(topic)
        || topics.ofDelivery().contains(topic)
        || before == null
        || before.value().equals(ANY_AGE)
        || (type != null && type.value().equals("LogAppendTime"))) {
      return null;
    }
    return ("topic %s has %s=%s, but its records carry the time of their event, which may"
            + " be longer ago, and the worker would stop at such a record; change it: %s")
        .formatted(
            topic,
            TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG,
            before.value(),
            alter(topic, TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG + "=" + ANY_AGE));
  }

  /** Returns the record size that the topic must accept; nothing is written to the input. */
  private int bytesMin(String topic) {
    if (topics.isInput(topic) || topic.equals(topics.accessResults())) {
      return 0;
    }
    return topic.equals(topics.rejectedEvents())
        ? SizeLimits.REJECTED_TOPIC_MIN
        : SizeLimits.OUTPUT_TOPIC_MIN;
  }

  private boolean isCompacted(String topic) {
    return !topics.isInput(topic)
        && !topic.equals(topics.rejectedEvents())
        && !topic.equals(topics.accessResults());
  }

  private String cleanupOf(String topic) {
    return isCompacted(topic)
        ? TopicConfig.CLEANUP_POLICY_COMPACT
        : TopicConfig.CLEANUP_POLICY_DELETE;
  }

  /**
   * Returns whether the topic exists; needs only rights to that topic.
   *
   * @throws AuthorizationException without them
   */
  public boolean isThere(String topic) {
    try {
      return describe(topic) != null;
    } catch (OperatorException e) {
      if (e.getCause() instanceof ExecutionException asked
          && asked.getCause() instanceof AuthorizationException denied) {
        throw denied;
      }
      throw e;
    }
  }

  /** Returns why the topic could not be created; null if it could. Creates nothing. */
  public @Nullable String refusal(String topic) {
    try {
      admin
          .createTopics(List.of(wanted(topic)), new CreateTopicsOptions().validateOnly(true))
          .all()
          .get();
      return null;
    } catch (ExecutionException e) {
      return explained(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private NewTopic wanted(String topic) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, cleanupOf(topic));
    if (topic.equals(topics.accessResults())) {
      settings.put(TopicConfig.RETENTION_MS_CONFIG, RESULTS_RETENTION_MS);
    } else if (!isCompacted(topic)) {
      // Unread events, and events for operators, are not deleted by age.
      settings.put(TopicConfig.RETENTION_MS_CONFIG, "-1");
    }
    if (topics.isInput(topic)) {
      settings.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(SizeLimits.EVENTS_TOPIC));
      // The broker then compares max.message.bytes with the real size of a compressed record. A
      // record of a few kilobytes could otherwise fill the memory of every worker that reads it.
      settings.put(TopicConfig.COMPRESSION_TYPE_CONFIG, UNCOMPRESSED);
    } else if (!topic.equals(topics.accessResults())) {
      // The result of an event may be somewhat larger than the event.
      settings.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(SizeLimits.WRITTEN));
      // The timestamp is the event's, whatever the broker's default permits.
      settings.put(TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG, ANY_AGE);
    }
    var replication = config.get(KafkaKeys.TOPIC_REPLICATION_FACTOR);
    return new NewTopic(
            topic,
            Optional.of(partitions(topic)),
            replication < 0 ? Optional.<Short>empty() : Optional.of(replication))
        .configs(settings);
  }

  /** Returns the number of partitions of a new topic; delivery's have those of the commands. */
  private int partitions(String topic) {
    var commands = topics.ofDelivery().contains(topic) ? describe(topics.accessCommands()) : null;
    return commands == null ? config.get(KafkaKeys.TOPIC_PARTITIONS) : commands.partitions().size();
  }

  private boolean create(String topic) {
    try {
      admin.createTopics(List.of(wanted(topic))).all().get();
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TopicExistsException) {
        return false; // another worker starts at the same time
      }
      throw new OperatorException("cannot create topic " + topic + ": " + explained(e), e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private @Nullable TopicDescription describe(String topic) {
    try {
      return admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return null;
      }
      throw new OperatorException("cannot read topic " + topic + ": " + explained(e), e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static <T> T get(KafkaFuture<T> future, String topic) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new OperatorException("cannot read topic " + topic + ": " + explained(e), e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static String explained(ExecutionException e) {
    var cause = e.getCause() == null ? e : e.getCause();
    return FailureHandler.messages(cause) + FailureHandler.remedy(cause);
  }

  private static OperatorException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new OperatorException("interrupted while reading the topics", e);
  }
}
