package dev.sluice.startup;

import dev.sluice.config.SluiceConfig;
import dev.sluice.folder.StateFolder;
import dev.sluice.operator.OperatorException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks every two seconds what a running worker would notice late or never: its folder, its
 * topics, and whether the brokers answer. It has its own thread, since the worker's threads may be
 * waiting for the same.
 */
public final class ClusterMonitor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterMonitor.class);
  private static final Duration EVERY = Duration.ofSeconds(2);
  private static final int ANSWER_MS = 5_000;

  /** Maximum number of consecutive refusals. */
  private static final int DENIALS_MAX = 3;

  private final Admin admin;
  private final ClusterPreconditions needs;
  private final Collection<String> topics;
  private final TopicIdentityStore known;
  private final @Nullable StateFolder stateFolder;
  private final BrokerOutageLog outage;
  private final Consumer<RuntimeException> end;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("sluice-lookout").factory());

  private final AssignmentWaitLog assignmentWaitLog;
  private int denials;
  private boolean seenAllRights;

  /**
   * Topics as seen at one time.
   *
   * @param present ids of existing topics
   * @param partitions their numbers of partitions
   * @param missing missing topics
   */
  record Seen(Map<String, Uuid> present, Map<String, Integer> partitions, List<String> missing) {}

  /**
   * Starts at once.
   *
   * @param admin the worker's client
   * @param needs what the worker needs, as it was checked; the rights to topics that did not exist
   *     then are checked again once the first start has created them
   * @param known known identities of topics
   * @param stateFolder folder of the state; null for none
   * @param hasWork whether the worker has an assignment
   * @param end receives, at most once, the error that ends the worker
   */
  public ClusterMonitor(
      Admin admin,
      SluiceConfig config,
      ClusterPreconditions needs,
      TopicIdentityStore known,
      @Nullable StateFolder stateFolder,
      BooleanSupplier hasWork,
      Consumer<RuntimeException> end) {
    this.admin = admin;
    this.needs = needs;
    this.topics = needs.topics();
    this.seenAllRights = needs.hasSeenAllRights();
    this.known = known;
    this.stateFolder = stateFolder;
    this.outage = new BrokerOutageLog(config.bootstrapServers(), System::nanoTime, LOG::warn);
    this.end = end;
    this.assignmentWaitLog =
        new AssignmentWaitLog(admin, config.applicationId(), hasWork, System::nanoTime, LOG::info);
    thread.scheduleWithFixedDelay(this::check, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void check() {
    try {
      var problem = stateFolder == null ? null : stateFolder.problem();
      if (problem == null) {
        problem = ofTopics();
      }
      if (problem != null) {
        end(new OperatorException(problem));
      }
      denials = 0;
      assignmentWaitLog.logIfDue();
    } catch (AuthenticationException | AuthorizationException e) {
      // A newly started broker may not know users and rights yet.
      if (++denials == DENIALS_MAX) {
        end(e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.debug("cannot read the cluster's state", e);
    }
  }

  private void end(RuntimeException why) {
    thread.shutdown();
    end.accept(why);
  }

  private @Nullable String ofTopics() throws InterruptedException {
    var asked = System.nanoTime();
    Seen seen;
    try {
      seen = describe(admin, topics, ANSWER_MS);
    } catch (ExecutionException e) {
      var cause = e.getCause() == null ? e : e.getCause();
      if (cause instanceof AuthenticationException || cause instanceof AuthorizationException) {
        throw (RuntimeException) cause;
      }
      outage.noAnswer(asked, cause);
      return null;
    }
    outage.answer();
    var problem = problem(seen);
    return problem == null && seen.missing().isEmpty() ? ofRights() : problem;
  }

  private @Nullable String problem(Seen seen) {
    String problem;
    synchronized (known) {
      problem = known.update(seen.present(), seen.missing());
    }
    return problem == null ? needs.partitionProblem(seen.partitions()) : problem;
  }

  /**
   * Checks at once whether the topics may cause an unexpected error; thread-safe.
   *
   * @return problem and remedy; null if there is none, or Kafka does not answer
   */
  public @Nullable String diagnose() {
    try {
      return problem(describe(admin, topics, ANSWER_MS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } catch (ExecutionException | RuntimeException e) {
      LOG.debug("cannot read the cluster's state", e);
      return null;
    }
  }

  private @Nullable String ofRights() {
    if (seenAllRights) {
      return null;
    }
    var lacked = needs.lackedRights(new ArrayList<>());
    seenAllRights = true;
    return lacked.isEmpty() ? null : String.join("\n", lacked);
  }

  /** Reads several topics at the same time. */
  static Seen describe(Admin admin, Collection<String> topics, int answerMs)
      throws ExecutionException, InterruptedException {
    var described =
        admin
            .describeTopics(
                TopicCollection.ofTopicNames(topics),
                new DescribeTopicsOptions().timeoutMs(answerMs))
            .topicNameValues();
    var present = new HashMap<String, Uuid>();
    var partitions = new HashMap<String, Integer>();
    var missing = new ArrayList<String>();
    var forbidden = new TreeSet<String>();
    for (var entry : described.entrySet()) {
      try {
        var description = entry.getValue().get();
        present.put(entry.getKey(), description.topicId());
        partitions.put(entry.getKey(), description.partitions().size());
      } catch (ExecutionException e) {
        if (e.getCause() instanceof UnknownTopicOrPartitionException) {
          missing.add(entry.getKey());
        } else if (e.getCause() instanceof TopicAuthorizationException) {
          forbidden.add(entry.getKey());
        } else {
          throw e;
        }
      }
    }
    if (!forbidden.isEmpty()) {
      throw new ExecutionException(new TopicAuthorizationException(forbidden));
    }
    return new Seen(present, partitions, missing);
  }

  /** Stops at once. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
