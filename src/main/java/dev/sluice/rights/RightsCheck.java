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
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Checks which of a role's rights a Kafka user lacks, without changing anything: by descriptions,
 * and by requests that cannot succeed. Unknown rights (those to a missing topic, except its
 * creation) count as granted.
 */
public final class RightsCheck {
  private static final int ANSWER_MS = 15_000;

  /**
   * Invalid transaction timeout: a broker refuses it where it would otherwise open a transaction.
   */
  private static final int TIMEOUT_MS_REFUSED = Integer.MAX_VALUE;

  /** Member id that does not exist. */
  private static final String NOBODY = "sluice-check";

  /** Operations that include the right to see a topic. */
  private static final Set<AclOperation> WITH_DESCRIBE =
      Set.of(AclOperation.READ, AclOperation.WRITE, AclOperation.DELETE);

  private final Admin admin;
  private final Map<String, Object> clients;
  private final RightNames rightNames;

  /**
   * Creates a check for a user.
   *
   * @param clients configuration of Kafka's clients
   */
  public RightsCheck(Admin admin, Map<String, Object> clients, RightNames rightNames) {
    this.admin = admin;
    this.clients = clients;
    this.rightNames = rightNames;
  }

  /**
   * Known state of the rights.
   *
   * @param lacked missing rights, with the names of their resources; no names for the pattern
   *     itself
   * @param unseen missing topics, whose rights are mostly unknown
   */
  public record Seen(Map<Right, List<String>> lacked, List<String> unseen) {}

  /**
   * Checks all rights of a role.
   *
   * @param topics all topics that the role needs
   */
  public Seen of(Right.Role role, Collection<String> topics)
      throws ExecutionException, InterruptedException {
    var lacked = new EnumMap<Right, List<String>>(Right.class);
    var absent = new ArrayList<String>();
    var allowed = allowed(topics, absent);
    var refused = refusedToMake(absent);
    for (var right : Right.values()) {
      if (right.role() != role) {
        continue;
      }
      switch (right.type()) {
        case TOPIC -> {
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
        case GROUP -> {
          if (!mayReadAsGroup(name(right))) {
            lacked.put(right, List.of());
          }
        }
        case TRANSACTIONAL_ID -> {
          if (!mayWriteTransactions(name(right))) {
            lacked.put(right, List.of());
          }
        }
        default -> throw new IllegalStateException("no check for " + right);
      }
    }
    return new Seen(lacked, absent);
  }

  /**
   * Checks the additional rights for event intake over HTTP.
   *
   * @return the missing rights
   */
  public List<Right> intake() throws ExecutionException, InterruptedException {
    var lacked = new ArrayList<Right>();
    var topics = List.of(rightNames.in(Right.EVENTS), rightNames.in(Right.USER_EVENTS));
    if (allowed(topics, new ArrayList<>()).values().stream()
        .anyMatch(allowed -> !allowed.contains(Right.TAKE_EVENTS.operation()))) {
      lacked.add(Right.TAKE_EVENTS);
    }
    if (!mayWriteTransactions(name(Right.TAKE_EVENTS_TOGETHER))) {
      lacked.add(Right.TAKE_EVENTS_TOGETHER);
    }
    return lacked;
  }

  /** Returns the permitted operations of each topic, as far as known. */
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
          // One missing right is enough to report.
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

  /**
   * Returns whether the user may be a group member. Tries to remove a member that does not exist,
   * which needs the same right.
   */
  private boolean mayReadAsGroup(String group) throws InterruptedException {
    var nobody =
        new RemoveMembersFromConsumerGroupOptions(List.of(new MemberToRemove(NOBODY)))
            .timeoutMs(ANSWER_MS);
    return !fails(
        admin.removeMembersFromConsumerGroup(group, nobody).all(),
        GroupAuthorizationException.class);
  }

  private String name(Right right) {
    return right.resources(rightNames).getFirst().name();
  }

  private boolean mayWriteTransactions(String prefix) {
    var settings = new HashMap<>(clients);
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, prefix + NOBODY);
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

  /** Returns whether a call fails for this reason; other failures are reported elsewhere. */
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
