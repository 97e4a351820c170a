package dev.sluice.dev.bench;

import dev.sluice.config.SluiceConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;

/** Removes the leftovers of measurements from an external broker. */
public final class Cleanup {
  private static final int WAIT_S = 60;

  private Cleanup() {}

  /**
   * Deletes every topic and group with a prefix.
   *
   * @throws BenchException if the deletion fails
   */
  public static void remove(SluiceConfig config, String prefix) throws InterruptedException {
    try (var admin = Admin.create(config.clientConfig())) {
      admin
          .deleteTopics(
              startingWith(prefix, admin.listTopics().names().get(WAIT_S, TimeUnit.SECONDS)))
          .all()
          .get(WAIT_S, TimeUnit.SECONDS);
      var groups =
          admin.listGroups().all().get(WAIT_S, TimeUnit.SECONDS).stream()
              .map(GroupListing::groupId)
              .toList();
      for (var deleted :
          admin.deleteConsumerGroups(startingWith(prefix, groups)).deletedGroups().values()) {
        await(deleted);
      }
    } catch (ExecutionException | TimeoutException e) {
      throw new BenchException(
          "topics and groups that begin with %s may be left at %s: %s"
              .formatted(prefix, config.bootstrapServers(), e),
          e);
    }
  }

  private static void await(KafkaFuture<Void> deleted)
      throws InterruptedException, ExecutionException, TimeoutException {
    try {
      deleted.get(WAIT_S, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      // Without its topics, a group is removed after its last member times out.
      if (!(e.getCause() instanceof GroupNotEmptyException)
          && !(e.getCause() instanceof GroupIdNotFoundException)) {
        throw e;
      }
    }
  }

  private static List<String> startingWith(String prefix, Iterable<String> names) {
    var found = new ArrayList<String>();
    names.forEach(
        name -> {
          if (name.startsWith(prefix)) {
            found.add(name);
          }
        });
    return found;
  }
}
