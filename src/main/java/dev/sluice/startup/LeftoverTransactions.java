package dev.sluice.startup;

import dev.sluice.config.SluiceConfig;
import dev.sluice.offsets.GroupOffsetsClient;
import dev.sluice.operator.OperatorException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes leftovers of workers that ended together with their only broker. The restarted broker
 * still has them as members of the group and waits for them, and keeps their transactions open.
 */
public final class LeftoverTransactions {
  private static final Logger LOG = LoggerFactory.getLogger(LeftoverTransactions.class);
  private static final long ANSWER_S = 20;

  private LeftoverTransactions() {}

  /**
   * Removes the group's members and ends its open transactions. Use it only if no worker can be
   * running; a running one would have to join again. Failures are ignored: a start then waits for
   * sessions and transactions to time out.
   */
  public static void clear(SluiceConfig config) {
    try (var admin = Admin.create(config.clientConfig())) {
      attempt("members", () -> removeMembers(admin, config.applicationId()));
      attempt("transactions", () -> endTransactions(admin, config.applicationId() + "-"));
      attempt("hanging transactions", () -> endHanging(admin, config.applicationId()));
    }
  }

  private interface Step {
    void run() throws ExecutionException, InterruptedException, TimeoutException;
  }

  private static void attempt(String what, Step step) {
    try {
      step.run();
    } catch (ExecutionException | TimeoutException | OperatorException e) {
      LOG.debug("{} of the previous run are left", what, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void removeMembers(Admin admin, String group)
      throws ExecutionException, InterruptedException, TimeoutException {
    var described = admin.describeConsumerGroups(List.of(group)).all();
    var members = described.get(ANSWER_S, TimeUnit.SECONDS).get(group);
    if (members == null || members.members().isEmpty()) {
      return;
    }
    admin
        .removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions())
        .all()
        .get(ANSWER_S, TimeUnit.SECONDS);
    LOG.info(
        "removed {} members of the previous run from group {}", members.members().size(), group);
  }

  private static void endTransactions(Admin admin, String prefix)
      throws ExecutionException, InterruptedException, TimeoutException {
    var open =
        admin
            .listTransactions(
                new ListTransactionsOptions().filterStates(List.of(TransactionState.ONGOING)))
            .all()
            .get(ANSWER_S, TimeUnit.SECONDS)
            .stream()
            .map(TransactionListing::transactionalId)
            .filter(id -> id.startsWith(prefix))
            .toList();
    if (open.isEmpty()) {
      return;
    }
    admin.fenceProducers(open).all().get(ANSWER_S, TimeUnit.SECONDS);
    LOG.info("ended {} open transactions of the previous run", open.size());
  }

  /**
   * Ends transactions that are open in a partition although their coordinator has completed them: a
   * broker that is killed during a commit may leave one. Nothing else ends such a transaction, and
   * the group's offsets could never be read.
   */
  private static void endHanging(Admin admin, String group)
      throws ExecutionException, InterruptedException, TimeoutException {
    var completed =
        admin
            .listTransactions(
                new ListTransactionsOptions()
                    .filterStates(
                        List.of(TransactionState.COMPLETE_COMMIT, TransactionState.COMPLETE_ABORT)))
            .all()
            .get(ANSWER_S, TimeUnit.SECONDS)
            .stream()
            .filter(listing -> listing.transactionalId().startsWith(group + "-"))
            .map(TransactionListing::producerId)
            .collect(Collectors.toSet());
    if (completed.isEmpty()) {
      return;
    }
    var names =
        admin
            .listTopics(new ListTopicsOptions().listInternal(true))
            .names()
            .get(ANSWER_S, TimeUnit.SECONDS);
    var partitions = GroupOffsetsClient.forMeasurements(admin, group).partitions(names);
    var producers = admin.describeProducers(partitions).all().get(ANSWER_S, TimeUnit.SECONDS);
    for (var entry : producers.entrySet()) {
      for (var producer : entry.getValue().activeProducers()) {
        if (producer.currentTransactionStartOffset().isPresent()
            && completed.contains(producer.producerId())) {
          admin
              .abortTransaction(
                  new AbortTransactionSpec(
                      entry.getKey(),
                      producer.producerId(),
                      (short) producer.producerEpoch(),
                      producer.coordinatorEpoch().orElse(0)))
              .all()
              .get(ANSWER_S, TimeUnit.SECONDS);
          LOG.info("ended a transaction of the previous run that hung in {}", entry.getKey());
        }
      }
    }
  }
}
