package dev.sluice.startup;

import dev.sluice.config.SluiceConfig;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
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
    }
  }

  private interface Step {
    void run() throws ExecutionException, InterruptedException, TimeoutException;
  }

  private static void attempt(String what, Step step) {
    try {
      step.run();
    } catch (ExecutionException | TimeoutException e) {
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
}
