package dev.sluice.startup;

import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.operator.OperatorException;
import dev.sluice.operator.RecoveryAdvice;
import dev.sluice.rights.Right;
import dev.sluice.rights.RightNames;
import dev.sluice.streams.CommitHook;
import dev.sluice.topology.DeliveryTopology;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.TopologyDescription;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Preconditions on the cluster for the start of delivery. Each check changes nothing; the start
 * creates missing topics between them, and gives a new group its offsets at the end.
 */
public final class DeliveryPreconditions extends ClusterPreconditions {
  private static final Logger LOG = LoggerFactory.getLogger(DeliveryPreconditions.class);

  private final SluiceConfig worker;
  private final SluiceConfig own;
  private final Topics topics;
  private final Set<String> changelogs;
  private final TopicSetup setup;
  private final DeliveryOffsets deliveryOffsets;

  /**
   * Creates the checks.
   *
   * @param worker the settings as they are given
   */
  public DeliveryPreconditions(Admin admin, SluiceConfig worker) {
    super(admin, worker.forDelivery());
    this.worker = worker;
    own = config();
    topics = new Topics(own.topicPrefix());
    changelogs = changelogs(DeliveryTopology.forItsNames(own).describe(), own.applicationId());
    setup = TopicSetup.ofDelivery(admin, own);
    deliveryOffsets = new DeliveryOffsets(offsets(), own, LostOffsetsCheck.undecidedMax(own));
  }

  private static Set<String> changelogs(TopologyDescription topology, String applicationId) {
    return topology.subtopologies().stream()
        .flatMap(part -> part.nodes().stream())
        .filter(TopologyDescription.Processor.class::isInstance)
        .flatMap(node -> ((TopologyDescription.Processor) node).stores().stream())
        .filter(store -> !CommitHook.isHook(store))
        .map(store -> applicationId + "-" + store + "-changelog")
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /**
   * Runs all checks in order, creates missing topics, and gives a new group its offsets.
   *
   * @throws OperatorException if delivery must not start
   */
  public void requireAll(TopicIdentityStore known) {
    StartPreconditions.reach(admin(), own);
    requireRights();
    requireKnownTopics(known);
    requirePartitions();
    var created = setup.ensure();
    created.forEach(topic -> LOG.info("created topic {}", topic));
    if (!created.isEmpty()) {
      requireRights();
    }
    requireOffsets();
    deliveryOffsets.begin();
  }

  /** Fails if an offset of the group is lost, or no longer within its topic. */
  public void requireOffsets() {
    deliveryOffsets.require(changelogs);
  }

  /** Returns the number of partitions of access-commands, which must exist. */
  public int partitions() {
    return setup.check(topics.accessCommands()).partitions();
  }

  @Override
  Set<String> topics() {
    var all = new LinkedHashSet<>(changelogs);
    all.addAll(inputs());
    all.add(topics.accessDelivery());
    return all;
  }

  private List<String> inputs() {
    return List.of(topics.accessCommands(), topics.accessResults());
  }

  @Override
  Right.Role role() {
    return Right.Role.DELIVERY;
  }

  @Override
  RightNames rightNames() {
    return RightNames.of(worker, "");
  }

  @Override
  @Nullable String partitionProblem(Map<String, Integer> partitions) {
    var ofCommands = partitions.get(topics.accessCommands());
    if (ofCommands == null) {
      return null;
    }
    for (var changelog : changelogs) {
      var ofState = partitions.get(changelog);
      if (ofState != null && !ofState.equals(ofCommands)) {
        return "topic %s has %d partitions, but delivery's state was made with %d (as many as %s has); %s"
            .formatted(topics.accessCommands(), ofCommands, ofState, changelog, anew());
      }
    }
    return null;
  }

  @Override
  public TopicIdentityStore known(@Nullable Path folder) {
    var ofState = new LinkedHashSet<>(changelogs);
    ofState.addAll(inputs());
    return new TopicIdentityStore(ofState, this::remedy, folder);
  }

  private String remedy(String topic) {
    return topic.equals(topics.accessDelivery())
        ? ": its readers do not find what was outstanding. Stop delivery, create the topic with"
            + " ./sluice topics create --delivery, and start; to have all records again, "
            + anew()
        : ": delivery's state does not belong to the topics any more; " + anew();
  }

  private String anew() {
    return RecoveryAdvice.deliveryAnew(own, inputs(), topics.accessDelivery());
  }
}
