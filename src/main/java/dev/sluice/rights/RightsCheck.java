package dev.sluice.rights;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Asks Kafka which of the worker's rights its user lacks, by what changes nothing: descriptions,
 * and requests that could not succeed or are not carried out. What cannot be asked (the rights to a
 * topic that is not there, but the one to make it) counts as given.
 */
public final class RightsCheck {
  private static final int ANSWER_MS = 15_000;

  /** No broker allows so long a transaction: it says so where it would otherwise open one. */
  private static final int TIMEOUT_MS_REFUSED = Integer.MAX_VALUE;

  /** Nobody is called so. */
  private static final String NOBODY = "sluice-check";

  /** These include the right to see a topic. */
  private static final Set<AclOperation> WITH_DESCRIBE =
      Set.of(AclOperation.READ, AclOperation.WRITE, AclOperation.DELETE);

  private final Admin admin;
  private final Map<String, Object> clients;
  private final RightNames rightNames;

  /**
   * With that user.
   *
   * @param clients what Kafka's clients are configured with
   */
  public RightsCheck(Admin admin, Map<String, Object> clients, RightNames rightNames) {
    this.admin = admin;
    this.clients = clients;
    this.rightNames = rightNames;
  }

  /**
   * What is known of the rights.
   *
   * @param lacked those that the user lacks, with the names of what it lacks them for; none where
   *     it is the pattern itself
   * @param unseen topics that are not there, so that most rights to them cannot be asked
   */
  public record Seen(Map<Right, List<String>> lacked, List<String> unseen) {}

  /**
   * Looks at all rights of the worker.
   *
   * @param topics all that it lives on
   */
  public Seen worker(Collection<String> topics) throws ExecutionException, InterruptedException {
    var lacked = new EnumMap<Right, List<String>>(Right.class);
    var absent = new ArrayList<String>();
    var allowed = allowed(topics, absent);
    var refused = refusedToMake(absent);
    for (var right : Right.values()) {
      if (right.role() == Right.Role.WORKER && right.type() == ResourceType.TOPIC) {
        var of =
            right.operation() == AclOperation.CREATE
                ? refused
                : allowed.entrySet().stream()
                    .filter(entry -> !entry.getValue().contains(right.operation()))
                    .map(Map.Entry::getKey)
                    .toList();
        var covered = of.stream().filter(topic -> right.covers(topic, rightNames)).toList();
        if (!covered.isEmpty()) {
          lacked.put(right, covered);
        }
      }
    }
    if (!mayReadAsGroup()) {
      lacked.put(Right.READ_AS_WORKERS, List.of());
    }
    if (!mayWriteTransactions("-")) {
      lacked.put(Right.WRITE_TRANSACTIONS, List.of());
    }
    return new Seen(lacked, absent);
  }

  /**
   * Looks at the rights beside the worker's that it needs where events come over HTTP.
   *
   * @return those that the user lacks
   */
  public List<Right> intake() throws ExecutionException, InterruptedException {
    var lacked = new ArrayList<Right>();
    var topic = rightNames.in(Right.EVENTS);
    var allowed = allowed(List.of(topic), new ArrayList<>()).get(topic);
    if (allowed != null && !allowed.contains(Right.TAKE_EVENTS.operation())) {
      lacked.add(Right.TAKE_EVENTS);
    }
    if (!mayWriteTransactions("-intake-")) {
      lacked.add(Right.TAKE_EVENTS_TOGETHER);
    }
    return lacked;
  }

  /** What may be done to each topic, where that is known. */
  private Map<String, Set<AclOperation>> allowed(Collection<String> topics, List<String> absent)
      throws ExecutionException, InterruptedException {
    var described =
        admin
            .describeTopics(
                TopicCollection.ofTopicNames(topics),
                new DescribeTopicsOptions().includeAuthorizedOperations(true).timeoutMs(ANSWER_MS))
            .topicNameValues();
    var allowed = new TreeMap<String, Set<AclOperation>>();
    for (var entry : described.entrySet()) {
      try {
        var operations = entry.getValue().get().authorizedOperations();
        if (operations != null) {
          allowed.put(entry.getKey(), operations);
        }
      } catch (ExecutionException e) {
        if (e.getCause() instanceof UnknownTopicOrPartitionException) {
          absent.add(entry.getKey());
        } else if (e.getCause() instanceof TopicAuthorizationException) {
          // Others may be given; that one of these is missing is enough to say.
          allowed.put(entry.getKey(), allBut(WITH_DESCRIBE));
        } else {
          throw e;
        }
      }
    }
    return allowed;
  }

  private static Set<AclOperation> allBut(Set<AclOperation> these) {
    var all = new HashSet<>(Arrays.asList(AclOperation.values()));
    all.removeAll(these);
    return all;
  }

  private List<String> refusedToMake(List<String> absent) throws InterruptedException {
    if (absent.isEmpty()) {
      return List.of();
    }
    var made =
        admin
            .createTopics(
                absent.stream()
                    .map(topic -> new NewTopic(topic, Optional.empty(), Optional.empty()))
                    .toList(),
                new CreateTopicsOptions().validateOnly(true).timeoutMs(ANSWER_MS))
            .values();
    var refused = new ArrayList<String>();
    for (var entry : made.entrySet()) {
      if (fails(entry.getValue(), TopicAuthorizationException.class)) {
        refused.add(entry.getKey());
      }
    }
    return refused;
  }

  /** Asks to remove a member that is not there, for which the right to be one is needed. */
  private boolean mayReadAsGroup() throws InterruptedException {
    var nobody =
        new RemoveMembersFromConsumerGroupOptions(List.of(new MemberToRemove(NOBODY)))
            .timeoutMs(ANSWER_MS);
    return !fails(
        admin.removeMembersFromConsumerGroup(rightNames.applicationId(), nobody).all(),
        GroupAuthorizationException.class);
  }

  private boolean mayWriteTransactions(String between) {
    var settings = new HashMap<>(clients);
    settings.put(
        ProducerConfig.TRANSACTIONAL_ID_CONFIG, rightNames.applicationId() + between + NOBODY);
    settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TIMEOUT_MS_REFUSED);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, ANSWER_MS);
    var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    try {
      producer.initTransactions();
      return true;
    } catch (KafkaException e) {
      return !(e instanceof TransactionalIdAuthorizationException
          || e.getCause() instanceof TransactionalIdAuthorizationException);
    } finally {
      producer.close(Duration.ZERO);
    }
  }

  /** Whether it fails for this reason; other failures are others' to find. */
  private static boolean fails(KafkaFuture<?> future, Class<? extends Exception> reason)
      throws InterruptedException {
    try {
      future.get();
      return false;
    } catch (ExecutionException e) {
      return reason.isInstance(e.getCause());
    }
  }
}
