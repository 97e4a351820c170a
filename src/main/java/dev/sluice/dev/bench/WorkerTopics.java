package dev.sluice.dev.bench;

import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/** Names of the topics that a measured worker writes. */
final class WorkerTopics {
  private WorkerTopics() {}

  /**
   * Returns the names of all public and internal topics but the input.
   *
   * @throws BenchException if the broker does not list them
   */
  static List<String> written(SluiceConfig config) throws InterruptedException {
    try (var admin = Admin.create(config.clientConfig())) {
      return written(
          admin.listTopics().names().get(), config.applicationId(), config.topicPrefix());
    } catch (ExecutionException e) {
      throw new BenchException("cannot list the topics: " + e.getCause(), e);
    }
  }

  static List<String> written(Iterable<String> names, String applicationId, String prefix) {
    var topics = new Topics(prefix);
    var found = new java.util.TreeSet<>(topics.all());
    names.forEach(
        name -> {
          if (name.startsWith(applicationId + "-")
              && (name.endsWith("-changelog") || name.endsWith("-repartition"))) {
            found.add(name);
          }
        });
    topics.inputs().forEach(found::remove);
    return List.copyOf(found);
  }
}
