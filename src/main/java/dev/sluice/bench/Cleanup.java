package dev.sluice.bench;

import dev.sluice.config.SluiceConfig;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;

/** Removes what measurements leave on a broker that is not their own. */
public final class Cleanup {
  private static final int WAIT_S = 60;

  private Cleanup() {}

  /**
   * Deletes every topic and group whose name begins so.
   *
   * @throws BenchException when that does not work
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
      admin.deleteConsumerGroups(startingWith(prefix, groups)).all().get(WAIT_S, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new BenchException(
          "topics and groups that begin with %s may be left at %s: %s"
              .formatted(prefix, config.bootstrapServers(), e),
          e);
    }
  }

  private static List<String> startingWith(String prefix, Iterable<String> names) {
    var found = new java.util.ArrayList<String>();
    names.forEach(
        name -> {
          if (name.startsWith(prefix)) {
            found.add(name);
          }
        });
    return found;
  }
}
