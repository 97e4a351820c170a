package dev.sluice.runtime;

import dev.sluice.config.SluiceConfig;
import dev.sluice.config.StateStore;
import dev.sluice.contract.Topics;
import dev.sluice.rights.Names;
import dev.sluice.rights.RightsLook;
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
  private final InternalTopics internal;
  private final TopicSetup setup;
  private List<String> unseen = List.of();

  StartChecks(Admin admin, SluiceConfig config, InternalTopics internal) {
    this.admin = admin;
    this.config = config;
    this.internal = internal;
    this.setup = new TopicSetup(admin, config);
  }

  /** Those of a worker that is not there. */
  public static StartChecks of(Admin admin, SluiceConfig config) {
    return new StartChecks(admin, config, InternalTopics.of(config));
  }

  /**
   * Makes all checks in order, and the topics that are missing.
   *
   * @throws StartException when a worker must not start
   */
  void requireAll(KnownTopics known) {
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
    new AsideLook(admin, config).warnings().forEach(LOG::warn);
  }

  /**
   * Fails where the state belongs to topics that are not there any more.
   *
   * <p>Looks again where a topic is missing: a broker that just came may not know all of them yet.
   */
  private void requireKnown(KnownTopics known) {
    require(
        () -> {
          for (int looks = 1; ; looks++) {
            var seen = Lookout.see(admin, internal.withPublic(config), REACH_MS);
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
    var names = Names.of(config, "");
    var seen =
        seen(
            () ->
                new RightsLook(admin, config.clientConfig(), names)
                    .worker(internal.withPublic(config)));
    unseen.addAll(seen.unseen());
    return seen.lacked().entrySet().stream()
        .map(e -> e.getKey().lacked(names, config.bootstrapServers(), e.getValue()))
        .toList();
  }

  /** How many partitions product-events has; it must be there. */
  int eventPartitions() {
    return setup.check(new Topics(config.topicPrefix()).productEvents()).partitions();
  }

  /**
   * The rights that the worker's user lacks for taking events over HTTP, a sentence each. A worker
   * starts without them.
   */
  public List<String> lackedForIntake() {
    var names = Names.of(config, "");
    return seen(() -> new RightsLook(admin, config.clientConfig(), names).intake()).stream()
        .map(right -> right.lacked(names, config.bootstrapServers(), List.of()))
        .toList();
  }

  /** Whether all topics were there when it was looked for the rights to them. */
  boolean hasSeenAllRights() {
    return unseen.isEmpty();
  }

  private void requireRights() {
    unseen = new ArrayList<>();
    var lacked = lackedRights(unseen);
    if (!lacked.isEmpty()) {
      throw new StartException(String.join("\n", lacked));
    }
  }

  /**
   * Says where the state in the worker's folder belongs to topics that are not there any more, and
   * keeps nothing.
   *
   * @throws StartException with what to do
   */
  public void requireSameTopics() {
    require(
        () -> {
          var known =
              internal.known(
                  config,
                  config.stateStore() == StateStore.MEMORY
                      ? null
                      : config.dataDir().toAbsolutePath().normalize());
          var seen = Lookout.see(admin, internal.withPublic(config), REACH_MS);
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
                new PartitionCheck(internal, config)
                    .problem(
                        Lookout.see(admin, internal.withPublic(config), REACH_MS).partitions())));
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
      throw new StartException(problem.get());
    }
  }

  /** Fails where the group has a place in the input that the input does not have any more. */
  public void requirePlaces() {
    new PlaceCheck(admin, config).require(internal);
  }

  /** Fails where there is state and the group's place in the input is lost. */
  public void requireOffsets() {
    new OffsetsCheck(admin, config).require(internal);
  }

  /** Fails where the group's place is not where its state is. */
  public void requirePositions() {
    new PositionCheck(admin, config).require(internal);
  }

  /** Fails where the products of the state stand where another partitioner puts them. */
  public void requirePartitioner() {
    new PartitionerCheck(admin, config).require();
  }

  /** Fails where the outputs hold what another group wrote, and commands.epoch is not above it. */
  public void requireEpoch() {
    new EpochCheck(admin, config).require(internal);
  }

  /** Fails where a public topic was there before and is missing. */
  public void requireNoneLost() {
    setup.requireNoneLost();
  }

  /**
   * A client that looks at the cluster.
   *
   * @throws StartException when the configuration does not make one
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

  static StartException startException(SluiceConfig config, RuntimeException e) {
    return e instanceof StartException start
        ? start
        : new StartException(
            "cannot start with Kafka at %s: %s%s"
                .formatted(config.bootstrapServers(), Trouble.messages(e), Trouble.remedy(e)),
            e);
  }

  private static StartException cannotLook(ExecutionException e) {
    var cause = e.getCause() == null ? e : e.getCause();
    return new StartException(
        "cannot look at the topics: " + Trouble.messages(cause) + Trouble.remedy(cause), e);
  }

  private static StartException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new StartException("interrupted while looking at the topics", e);
  }

  /**
   * Waits until Kafka answers.
   *
   * @throws StartException when it does not within seconds
   */
  public static void reach(Admin admin, SluiceConfig config) {
    try {
      admin
          .describeCluster(new DescribeClusterOptions().timeoutMs(REACH_MS))
          .clusterId()
          .get(REACH_MS + 1000L, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartException("interrupted while waiting for Kafka", e);
    } catch (ExecutionException | TimeoutException e) {
      var cause = e.getCause() == null ? e : e.getCause();
      var remedy = Trouble.remedy(cause);
      throw new StartException(
          remedy.isEmpty()
              ? ("no answer from Kafka at %s within %d s: check bootstrap.servers, that the broker"
                      + " runs, and that kafka.security.protocol is what it speaks there (%s)")
                  .formatted(config.bootstrapServers(), REACH_MS / 1000, Trouble.messages(cause))
              : "Kafka at %s refuses the worker: %s%s"
                  .formatted(config.bootstrapServers(), Trouble.messages(cause), remedy),
          e);
    }
  }
}
