package dev.sluice.startup;

import dev.sluice.config.SluiceConfig;
import dev.sluice.config.StateStore;
import dev.sluice.config.WorkerKeys;
import dev.sluice.failure.FailureHandler;
import dev.sluice.offsets.GroupOffsetsClient;
import dev.sluice.operator.OperatorException;
import dev.sluice.rights.Right;
import dev.sluice.rights.RightNames;
import dev.sluice.rights.RightsCheck;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * Preconditions on the cluster for the start of a Streams application, which are checked again
 * while it runs. Each check changes nothing.
 */
public abstract class ClusterPreconditions {
  static final int REACH_MS = 15_000;
  private static final int READS_MAX = 2;
  private static final long PAUSE_MS = 1_000;

  private final Admin admin;
  private final SluiceConfig config;
  private List<String> unseen = List.of();

  /**
   * Creates the checks.
   *
   * @param config the settings of the application, with its own application.id
   */
  ClusterPreconditions(Admin admin, SluiceConfig config) {
    this.admin = admin;
    this.config = config;
  }

  /** Returns the names of all topics that the application needs. */
  abstract Set<String> topics();

  /** Returns the role whose rights the application needs. */
  abstract Right.Role role();

  /** Returns the values of the placeholders in these rights. */
  abstract RightNames rightNames();

  /**
   * Compares numbers of partitions.
   *
   * @param partitions of each existing topic
   * @return problem and remedy; null if there is none
   */
  abstract @Nullable String partitionProblem(Map<String, Integer> partitions);

  /**
   * Returns the known identities of the topics of the state.
   *
   * @param folder folder of stored ids; null for none
   */
  public abstract TopicIdentityStore known(@Nullable Path folder);

  final Admin admin() {
    return admin;
  }

  final SluiceConfig config() {
    return config;
  }

  final GroupOffsetsClient offsets() {
    return GroupOffsetsClient.forChecks(admin, config.applicationId());
  }

  /**
   * Returns a sentence for each missing right of the application's user.
   *
   * @param unseen receives missing topics, whose rights are mostly unknown
   */
  public List<String> lackedRights(Collection<String> unseen) {
    var rightNames = rightNames();
    var seen =
        read(() -> new RightsCheck(admin, config.clientConfig(), rightNames).of(role(), topics()));
    unseen.addAll(seen.unseen());
    return seen.lacked().entrySet().stream()
        .map(e -> e.getKey().lacked(rightNames, config.bootstrapServers(), e.getValue()))
        .toList();
  }

  /** Returns whether all topics existed when their rights were checked. */
  public final boolean hasSeenAllRights() {
    return unseen.isEmpty();
  }

  final void requireRights() {
    unseen = new ArrayList<>();
    var lacked = lackedRights(unseen);
    if (!lacked.isEmpty()) {
      throw new OperatorException(String.join("\n", lacked));
    }
  }

  /**
   * Fails if the state belongs to topics that no longer exist.
   *
   * <p>Reads again if a topic is missing: a newly started broker may not know all topics yet.
   */
  final void requireKnownTopics(TopicIdentityStore known) {
    require(
        () -> {
          for (int reads = 1; ; reads++) {
            var seen = ClusterMonitor.describe(admin, topics(), REACH_MS);
            var problem = known.update(seen.present(), seen.missing());
            if (problem != null || !known.misses() || reads == READS_MAX) {
              return Optional.ofNullable(problem);
            }
            Thread.sleep(PAUSE_MS);
          }
        });
  }

  /**
   * Fails if the state in the application's folder belongs to topics that no longer exist; stores
   * nothing.
   *
   * @throws OperatorException with the remedy
   */
  public final void requireSameTopics() {
    require(
        () -> {
          var known =
              known(
                  config.get(WorkerKeys.STATE_STORE) == StateStore.MEMORY
                      ? null
                      : config.dataDir().toAbsolutePath().normalize());
          var seen = ClusterMonitor.describe(admin, topics(), REACH_MS);
          var problem = known.compare(seen.present(), seen.missing());
          return Optional.ofNullable(
              problem == null && known.misses()
                  ? known.compare(seen.present(), seen.missing())
                  : problem);
        });
  }

  /** Fails if an input's number of partitions differs from that of its state. */
  public final void requirePartitions() {
    require(
        () ->
            Optional.ofNullable(
                partitionProblem(ClusterMonitor.describe(admin, topics(), REACH_MS).partitions())));
  }

  /** Reads topics, or rights to them. */
  @FunctionalInterface
  interface Read<T> {
    T read() throws ExecutionException, InterruptedException;
  }

  static <T> T read(Read<T> request) {
    try {
      return request.read();
    } catch (ExecutionException e) {
      throw cannotRead(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Fails with the problem that a read returns, if any. */
  private static void require(Read<Optional<String>> request) {
    var problem = read(request);
    if (problem.isPresent()) {
      throw new OperatorException(problem.get());
    }
  }

  private static OperatorException cannotRead(ExecutionException e) {
    var cause = e.getCause() == null ? e : e.getCause();
    return new OperatorException(
        "cannot read the topics: " + FailureHandler.messages(cause) + FailureHandler.remedy(cause),
        e);
  }

  private static OperatorException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new OperatorException("interrupted while reading the topics", e);
  }
}
