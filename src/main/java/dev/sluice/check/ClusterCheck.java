package dev.sluice.check;

import dev.sluice.config.HttpKeys;
import dev.sluice.config.KafkaKeys;
import dev.sluice.config.SluiceConfig;
import dev.sluice.operator.OperatorException;
import dev.sluice.startup.ClusterPreconditions;
import dev.sluice.startup.DeliveryPreconditions;
import dev.sluice.startup.StartPreconditions;
import dev.sluice.startup.TopicSetup;
import dev.sluice.update.UpdatesTopic;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeFeaturesOptions;
import org.apache.kafka.common.Node;

/** Checks the brokers and everything that a worker needs there. */
final class ClusterCheck {
  private static final int ANSWER_MS = 5_000;

  private final SluiceConfig config;
  private final boolean withDelivery;
  private final List<Finding> findings = new ArrayList<>();

  ClusterCheck(SluiceConfig config, boolean withDelivery) {
    this.config = config;
    this.withDelivery = withDelivery;
  }

  List<Finding> findings() {
    try (var admin = StartPreconditions.admin(config)) {
      StartPreconditions.reach(admin, config);
      findings.add(Finding.ok("kafka", "answers at " + config.bootstrapServers()));
      brokers(admin);
      topics(withDelivery ? TopicSetup.withDelivery(admin, config) : new TopicSetup(admin, config));
      if (withDelivery) {
        delivery(new DeliveryPreconditions(admin, config));
      }
      var checks = StartPreconditions.of(admin, config);
      if (!rights(checks)) {
        findings.add(
            Finding.warning(
                "state and offsets",
                "not checked: without the rights, the results would be misleading",
                "grant the rights and check again"));
        return findings;
      }
      add("topic identity", "no topic was deleted", checks::requireNoLostTopics);
      add("state", "belongs to the existing topics", checks::requireSameTopics);
      add("partitions", "match the number that the state was made with", checks::requirePartitions);
      add("input", "the group's offset is within its range", checks::requireOffsetsInRange);
      add("group offsets", "no offset is lost", checks::requireNoLostOffsets);
      add("state and offsets", "match", checks::requireNoMovedOffsets);
      add("partitioner", "is the partitioner of the state's products", checks::requirePartitioner);
      add(
          "outputs",
          "are empty, or written by this group; commands.epoch is not too low",
          checks::requireEpoch);
    } catch (OperatorException e) {
      findings.add(Finding.failed("kafka", String.valueOf(e.getMessage())));
    }
    return findings;
  }

  /** Checks what delivery needs besides its topics. */
  private void delivery(DeliveryPreconditions checks) {
    if (rights("delivery: rights", checks)) {
      add("delivery: state", "belongs to the existing topics", checks::requireSameTopics);
      add(
          "delivery: partitions",
          "match the number that the state was made with",
          checks::requirePartitions);
      add("delivery: offsets", "none is lost", checks::requireOffsets);
    }
  }

  private void add(String what, String text, Runnable check) {
    guarded(
        what,
        () -> {
          check.run();
          return Finding.ok(what, text);
        });
  }

  /** Runs a check; its failure does not prevent the others. */
  private void guarded(String what, Supplier<Finding> check) {
    try {
      findings.add(check.get());
    } catch (OperatorException e) {
      findings.add(Finding.failed(what, String.valueOf(e.getMessage())));
    }
  }

  private void brokers(Admin admin) {
    try {
      var nodes = new ArrayList<>(admin.describeCluster().nodes().get());
      nodes.sort(Comparator.comparing(Node::id));
      for (var node : nodes) {
        findings.add(broker(admin, node));
      }
      var levels = new HashMap<String, Short>();
      admin
          .describeFeatures()
          .featureMetadata()
          .get()
          .finalizedFeatures()
          .forEach((name, range) -> levels.put(name, range.maxVersionLevel()));
      findings.add(FeatureVersions.of(config.get(KafkaKeys.GROUP_PROTOCOL), Map.copyOf(levels)));
    } catch (ExecutionException e) {
      findings.add(
          Finding.failed("brokers", "cannot be reached: " + Finding.quoting(e.getCause())));
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static Finding broker(Admin admin, Node node) {
    var what = "broker " + node.idString();
    var at = node.host() + ":" + node.port();
    try {
      admin
          .describeFeatures(new DescribeFeaturesOptions().nodeId(node.id()).timeoutMs(ANSWER_MS))
          .featureMetadata()
          .get();
      return Finding.ok(what, "answers at " + at);
    } catch (ExecutionException e) {
      return Finding.failed(
          what,
          "no answer at %s (%s)".formatted(at, Finding.quoting(e.getMessage())),
          "check that it runs, and that the address in its advertised.listeners can be reached from"
              + " here");
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private void topics(TopicSetup setup) {
    for (var topic : setup.names()) {
      guarded("topic " + topic, () -> topic(setup, setup.check(topic)));
    }
    var updates = UpdatesTopic.of(config.applicationId());
    guarded("topic " + updates, () -> topic(setup, setup.checkUpdates()));
  }

  private static Finding topic(TopicSetup setup, TopicSetup.Finding found) {
    var what = "topic " + found.topic();
    if (found.problem() != null) {
      return Finding.failed(what, found.problem());
    }
    if (found.warning() != null) {
      return Finding.warning(what, found.warning(), null);
    }
    if (!found.missing()) {
      return Finding.ok(
          what, "%d partitions, cleanup.policy=%s".formatted(found.partitions(), found.cleanup()));
    }
    var refusal = setup.refusal(found.topic());
    return refusal == null
        ? Finding.ok(what, "is created at the start")
        : Finding.failed(what, "is missing, and cannot be created: " + refusal);
  }

  /** Checks the rights; returns whether all are granted, as far as is known. */
  private boolean rights(StartPreconditions checks) {
    var granted = rights("rights", checks);
    if (granted) {
      intake(checks);
    }
    return granted;
  }

  private boolean rights(String what, ClusterPreconditions checks) {
    try {
      var unseen = new ArrayList<String>();
      var lacked = checks.lackedRights(unseen);
      lacked.forEach(sentence -> findings.add(Finding.failed(what, sentence)));
      if (lacked.isEmpty()) {
        findings.add(rights(what, unseen));
      }
      return lacked.isEmpty();
    } catch (OperatorException e) {
      findings.add(Finding.failed(what, String.valueOf(e.getMessage())));
      return false;
    }
  }

  /** Checks the rights for event intake; a worker without it does not need them. */
  private void intake(StartPreconditions checks) {
    if (config.get(HttpKeys.PORT) >= 0) {
      checks
          .lackedForIntake()
          .forEach(
              sentence ->
                  findings.add(
                      Finding.warning(
                          "events over HTTP",
                          "POST /v1/events cannot write: " + sentence,
                          "not needed if no events are published over HTTP")));
    }
  }

  private static Finding rights(String what, List<String> unseen) {
    return unseen.isEmpty()
        ? Finding.ok(what, "none is missing")
        : Finding.warning(
            what,
            "none is missing as far as is known; the rights to topics that do not exist yet cannot"
                + " be checked ("
                + String.join(", ", unseen)
                + ")",
            "check again when a worker has created them");
  }

  private static OperatorException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new OperatorException("interrupted while checking Kafka", e);
  }
}
