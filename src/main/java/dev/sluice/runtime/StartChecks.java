package dev.sluice.runtime;

import dev.sluice.config.SluiceConfig;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
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
    requireKnown(known);
    setup.requireNoneLost();
    for (var topic : setup.ensure()) {
      LOG.info("created topic {}", topic);
    }
    requirePlaces();
    requireOffsets();
  }

  /**
   * Fails where the state belongs to topics that are not there any more.
   *
   * <p>Looks again where a topic is missing: a broker that just came may not know all of them yet.
   */
  private void requireKnown(KnownTopics known) {
    try {
      for (int looks = 1; ; looks++) {
        var seen = Lookout.see(admin, internal.withPublic(config), REACH_MS);
        var problem = known.look(seen.present(), seen.missing());
        if (problem != null) {
          throw new StartException(problem);
        }
        if (!known.misses() || looks == LOOKS_MAX) {
          return;
        }
        Thread.sleep(LOOK_AGAIN_MS);
      }
    } catch (ExecutionException e) {
      throw cannotLook(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
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

  /** Fails where a public topic was there before and is missing. */
  public void requireNoneLost() {
    setup.requireNoneLost();
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
