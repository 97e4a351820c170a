package dev.sluice.startup;

import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.failure.FailureHandler;
import dev.sluice.folder.StateFolder;
import dev.sluice.offsets.GroupOffsetsClient;
import dev.sluice.operator.OperatorException;
import dev.sluice.rights.Right;
import dev.sluice.rights.RightNames;
import dev.sluice.rights.RightsCheck;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Preconditions on the cluster for the start of a worker. Each check changes nothing; the start
 * creates missing topics between them.
 */
public final class StartPreconditions extends ClusterPreconditions {
  private static final Logger LOG = LoggerFactory.getLogger(StartPreconditions.class);

  private final SluiceConfig config;
  private final InternalTopics internalTopics;
  private final GroupOffsetsClient offsets;
  private final TopicSetup setup;

  public StartPreconditions(Admin admin, SluiceConfig config, InternalTopics internalTopics) {
    super(admin, config);
    this.config = config;
    this.internalTopics = internalTopics;
    this.offsets = offsets();
    this.setup = new TopicSetup(admin, config);
  }

  /** Creates the checks for a worker that is not running. */
  public static StartPreconditions of(Admin admin, SluiceConfig config) {
    return new StartPreconditions(admin, config, InternalTopics.of(config));
  }

  /**
   * Runs all checks in order, and creates missing topics.
   *
   * @throws OperatorException if a worker must not start
   */
  public void requireAll(TopicIdentityStore known) {
    reach(admin(), config);
    requireRights();
    requireKnownTopics(known);
    requirePartitions();
    setup.requireNoLostTopics();
    var created = setup.ensure();
    created.forEach(topic -> LOG.info("created topic {}", topic));
    if (!created.isEmpty()) {
      requireRights();
    }
    requireOffsetsInRange();
    requireNoLostOffsets();
    requireNoMovedOffsets();
    requirePartitioner();
    requireEpoch();
    new SetAsideCheck(offsets, config).warnings().forEach(LOG::warn);
  }

  @Override
  Set<String> topics() {
    return internalTopics.withPublic(config);
  }

  @Override
  Right.Role role() {
    return Right.Role.WORKER;
  }

  @Override
  RightNames rightNames() {
    return RightNames.of(config, "");
  }

  @Override
  @Nullable String partitionProblem(Map<String, Integer> partitions) {
    return new PartitionCountCheck(internalTopics, config).problem(partitions);
  }

  @Override
  public TopicIdentityStore known(@Nullable Path folder) {
    return internalTopics.known(config, folder);
  }

  /** Returns the number of partitions of product-events, which must exist. */
  public int eventPartitions() {
    return setup.check(new Topics(config.topicPrefix()).productEvents()).partitions();
  }

  /** Returns the number of partitions of user-events, which must exist. */
  public int userEventPartitions() {
    return setup.check(new Topics(config.topicPrefix()).userEvents()).partitions();
  }

  /**
   * Returns a sentence for each missing right for event intake over HTTP. A worker starts without
   * them.
   */
  public List<String> lackedForIntake() {
    var rightNames = rightNames();
    return read(() -> new RightsCheck(admin(), config.clientConfig(), rightNames).intake()).stream()
        .map(right -> right.lacked(rightNames, config.bootstrapServers(), List.of()))
        .toList();
  }

  /** Fails if the group's offset is no longer within the input. */
  public void requireOffsetsInRange() {
    new InputOffsetsInRangeCheck(offsets, config).require(internalTopics);
  }

  /** Fails if state exists and the group's offset in its input is lost. */
  public void requireNoLostOffsets() {
    new LostOffsetsCheck(offsets, config).require(internalTopics);
  }

  /** Fails if the group's offset skips records, or repeats them. */
  public void requireNoMovedOffsets() {
    new MovedOffsetsCheck(offsets, config).require(internalTopics);
  }

  /** Fails if the products of the state are in the partitions of another partitioner. */
  public void requirePartitioner() {
    new PartitionerCheck(offsets, config).require();
  }

  /**
   * Fails if the outputs hold records of another group, and commands.epoch is not above their
   * epoch.
   */
  public void requireEpoch() {
    new EpochCheck(offsets, config).require(internalTopics);
  }

  /** Fails if a public topic existed before and is missing. */
  public void requireNoLostTopics() {
    setup.requireNoLostTopics();
  }

  /**
   * Creates a client for checks of the cluster.
   *
   * @throws OperatorException if the configuration is not valid for a client
   */
  public static Admin admin(SluiceConfig config) {
    try {
      return Admin.create(config.clientConfig());
    } catch (KafkaException e) {
      throw startException(config, e);
    }
  }

  /** Returns whether a worker uses the folder data.dir. */
  public static boolean isFolderInUse(SluiceConfig config) {
    return StateFolder.isInUse(config.dataDir());
  }

  public static OperatorException startException(SluiceConfig config, RuntimeException e) {
    return e instanceof OperatorException start
        ? start
        : new OperatorException(
            "cannot start with Kafka at %s: %s%s"
                .formatted(
                    config.bootstrapServers(),
                    FailureHandler.messages(e),
                    FailureHandler.remedy(e)),
            e);
  }

  /**
   * Waits until Kafka answers.
   *
   * @throws OperatorException if it does not answer within seconds
   */
  public static void reach(Admin admin, SluiceConfig config) {
    try {
      admin
          .describeCluster(new DescribeClusterOptions().timeoutMs(REACH_MS))
          .clusterId()
          .get(REACH_MS + 1000L, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OperatorException("interrupted while waiting for Kafka", e);
    } catch (ExecutionException | TimeoutException e) {
      var cause = e.getCause() == null ? e : e.getCause();
      var remedy = FailureHandler.remedy(cause);
      throw new OperatorException(
          remedy.isEmpty()
              ? ("no answer from Kafka at %s within %d s: check bootstrap.servers, that the broker"
                      + " runs, and that kafka.security.protocol matches its listener (%s)")
                  .formatted(
                      config.bootstrapServers(), REACH_MS / 1000, FailureHandler.messages(cause))
              : "Kafka at %s refuses the worker: %s%s"
                  .formatted(config.bootstrapServers(), FailureHandler.messages(cause), remedy),
          e);
    }
  }
}
