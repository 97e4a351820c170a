package dev.sluice.startup;

import dev.sluice.config.SluiceConfig;
import dev.sluice.config.StateStore;
import dev.sluice.config.WorkerKeys;
import dev.sluice.contract.Topics;
import dev.sluice.failure.FailureHandler;
import dev.sluice.folder.StateFolder;
import dev.sluice.operator.OperatorException;
import dev.sluice.rights.RightNames;
import dev.sluice.rights.RightsCheck;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What must be so on the cluster before a worker may start. Each check changes nothing; the start
 * makes what topics are missing between them.
 */
public final class StartChecks {
  private static final Logger LOG = LoggerFactory.getLogger(StartChecks.class);
  private static final int REACH_MS = 15_000;
  private static final int LOOKS_MAX = 2;
  private static final long LOOK_AGAIN_MS = 1_000;

  private final Admin admin;
  private final SluiceConfig config;
  private final InternalTopics internalTopics;
  private final TopicSetup setup;
  private List<String> unseen = List.of();

  public StartChecks(Admin admin, SluiceConfig config, InternalTopics internalTopics) {
    this.admin = admin;
    this.config = config;
    this.internalTopics = internalTopics;
    this.setup = new TopicSetup(admin, config);
  }

  /** Those of a worker that is not there. */
  public static StartChecks of(Admin admin, SluiceConfig config) {
    return new StartChecks(admin, config, InternalTopics.of(config));
  }

  /**
   * Makes all checks in order, and the topics that are missing.
   *
   * @throws OperatorException when a worker must not start
   */
  public void requireAll(TopicIdentityStore known) {
    reach(admin, config);
    requireRights();
    requireKnown(known);
    requirePartitions();
    setup.requireNoneLost();
    var made = setup.ensure();
    made.forEach(topic -> LOG.info("created topic {}", topic));
    if (!made.isEmpty()) {
      requireRights();
    }
    requirePlaces();
    requireOffsets();
    requirePositions();
    requirePartitioner();
    requireEpoch();
    new SetAsideCheck(admin, config).warnings().forEach(LOG::warn);
  }

  /**
   * Fails where the state belongs to topics that are not there any more.
   *
   * <p>Looks again where a topic is missing: a broker that just came may not know all of them yet.
   */
  private void requireKnown(TopicIdentityStore known) {
    require(
        () -> {
          for (int looks = 1; ; looks++) {
            var seen = ClusterMonitor.see(admin, internalTopics.withPublic(config), REACH_MS);
            var problem = known.look(seen.present(), seen.missing());
            if (problem != null || !known.misses() || looks == LOOKS_MAX) {
              return Optional.ofNullable(problem);
            }
            Thread.sleep(LOOK_AGAIN_MS);
          }
        });
  }

  /**
   * What the worker's user may not do, in words.
   *
   * @param unseen takes the topics that are not there, to which most rights cannot be asked
   */
  public List<String> lackedRights(Collection<String> unseen) {
    var rightNames = RightNames.of(config, "");
    var seen =
        seen(
            () ->
                new RightsCheck(admin, config.clientConfig(), rightNames)
                    .worker(internalTopics.withPublic(config)));
    unseen.addAll(seen.unseen());
    return seen.lacked().entrySet().stream()
        .map(e -> e.getKey().lacked(rightNames, config.bootstrapServers(), e.getValue()))
        .toList();
  }

  /** How many partitions product-events has; it must be there. */
  public int eventPartitions() {
    return setup.check(new Topics(config.topicPrefix()).productEvents()).partitions();
  }

  /**
   * The rights that the worker's user lacks for taking events over HTTP, a sentence each. A worker
   * starts without them.
   */
  public List<String> lackedForIntake() {
    var rightNames = RightNames.of(config, "");
    return seen(() -> new RightsCheck(admin, config.clientConfig(), rightNames).intake()).stream()
        .map(right -> right.lacked(rightNames, config.bootstrapServers(), List.of()))
        .toList();
  }

  /** Whether all topics were there when it was looked for the rights to them. */
  public boolean hasSeenAllRights() {
    return unseen.isEmpty();
  }

  private void requireRights() {
    unseen = new ArrayList<>();
    var lacked = lackedRights(unseen);
    if (!lacked.isEmpty()) {
      throw new OperatorException(String.join("\n", lacked));
    }
  }

  /**
   * Says where the state in the worker's folder belongs to topics that are not there any more, and
   * keeps nothing.
   *
   * @throws OperatorException with what to do
   */
  public void requireSameTopics() {
    require(
        () -> {
          var known =
              internalTopics.known(
                  config,
                  config.get(WorkerKeys.STATE_STORE) == StateStore.MEMORY
                      ? null
                      : config.dataDir().toAbsolutePath().normalize());
          var seen = ClusterMonitor.see(admin, internalTopics.withPublic(config), REACH_MS);
          var problem = known.compare(seen.present(), seen.missing());
          return Optional.ofNullable(
              problem == null && known.misses()
                  ? known.compare(seen.present(), seen.missing())
                  : problem);
        });
  }

  /** Fails where an input has another number of partitions than the state made from it. */
  public void requirePartitions() {
    require(
        () ->
            Optional.ofNullable(
                new PartitionCountCheck(internalTopics, config)
                    .problem(
                        ClusterMonitor.see(admin, internalTopics.withPublic(config), REACH_MS)
                            .partitions())));
  }

  /** Looks at topics, or at rights to them. */
  @FunctionalInterface
  private interface Look<T> {
    T see() throws ExecutionException, InterruptedException;
  }

  private static <T> T seen(Look<T> look) {
    try {
      return look.see();
    } catch (ExecutionException e) {
      throw cannotLook(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Fails with what is wrong, in words, where something is. */
  private static void require(Look<Optional<String>> look) {
    var problem = seen(look);
    if (problem.isPresent()) {
      throw new OperatorException(problem.get());
    }
  }

  /** Fails where the group has a place in the input that the input does not have any more. */
  public void requirePlaces() {
    new InputOffsetsInRangeCheck(admin, config).require(internalTopics);
  }

  /** Fails where there is state and the group's place in the input is lost. */
  public void requireOffsets() {
    new LostOffsetsCheck(admin, config).require(internalTopics);
  }

  /** Fails where the group's place is not where its state is. */
  public void requirePositions() {
    new MovedOffsetsCheck(admin, config).require(internalTopics);
  }

  /** Fails where the products of the state stand where another partitioner puts them. */
  public void requirePartitioner() {
    new PartitionerCheck(admin, config).require();
  }

  /** Fails where the outputs hold what another group wrote, and commands.epoch is not above it. */
  public void requireEpoch() {
    new EpochCheck(admin, config).require(internalTopics);
  }

  /** Fails where a public topic was there before and is missing. */
  public void requireNoneLost() {
    setup.requireNoneLost();
  }

  /**
   * A client that looks at the cluster.
   *
   * @throws OperatorException when the configuration does not make one
   */
  public static Admin admin(SluiceConfig config) {
    try {
      return Admin.create(config.clientConfig());
    } catch (KafkaException e) {
      throw startException(config, e);
    }
  }

  /** Whether a worker works in the folder data.dir. */
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

  private static OperatorException cannotLook(ExecutionException e) {
    var cause = e.getCause() == null ? e : e.getCause();
    return new OperatorException(
        "cannot read the topics: " + FailureHandler.messages(cause) + FailureHandler.remedy(cause),
        e);
  }

  private static OperatorException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new OperatorException("interrupted while reading the topics", e);
  }

  /**
   * Waits until Kafka answers.
   *
   * @throws OperatorException when it does not within seconds
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
