package dev.sluice.it.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.ProductStatus;
import dev.sluice.avro.RequestStatus;
import dev.sluice.client.CaughtUpWaiter;
import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.RejectionHeaders;
import dev.sluice.contract.Topics;
import dev.sluice.dev.bench.CommittedReader;
import dev.sluice.sim.Model;
import dev.sluice.testing.CommandAudit;
import dev.sluice.topology.ContractSerdes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/** The records of the output topics for a read_committed reader, from the beginning up to now. */
final class Outcome implements AutoCloseable {
  private static final int SHOWN_MAX = 10;
  private static final Duration WAIT_MAX = Duration.ofMinutes(4);
  private static final int LOOK_AGAIN_MS = 200;

  private final SluiceConfig config;
  private final String rejectedTopic;
  private final CommittedReader reader;
  private final Deserializer<Object> deserializer;
  private final CommandAudit commands = new CommandAudit();
  private final Map<String, Model.ProductView> products = new HashMap<>();
  private final Map<String, String> requests = new HashMap<>();
  private final List<String> rejections = new ArrayList<>();

  Outcome(SluiceConfig config) {
    this.config = config;
    var topics = new Topics(config.topicPrefix());
    rejectedTopic = topics.rejectedEvents();
    reader = CommittedReader.atBeginning(config, topics.outputs());
    deserializer = new ContractSerdes(config).deserializer();
  }

  /**
   * Waits until all input is settled, and all is as it should be, or for so long that it never will
   * be.
   *
   * @param meanwhile is run again and again
   * @return what should be
   */
  Truth await(Runnable meanwhile) throws Exception {
    var until = System.nanoTime() + WAIT_MAX.toNanos();
    try (var admin = Admin.create(config.clientConfig())) {
      new CaughtUpWaiter(admin, config.applicationId(), new Topics(config.topicPrefix()))
          .await(WAIT_MAX, meanwhile);
    }
    var truth = Truth.of(config);
    reader.drain(this::add);
    while (!faults(truth).isEmpty() && System.nanoTime() < until) {
      meanwhile.run();
      Thread.sleep(LOOK_AGAIN_MS);
      reader.drain(this::add);
    }
    return truth;
  }

  private void add(ConsumerRecord<byte[], byte[]> record) {
    if (record.topic().equals(rejectedTopic)) {
      rejections.add(
          Truth.rejection(
              Integer.parseInt(header(record, RejectionHeaders.PARTITION)),
              Long.parseLong(header(record, RejectionHeaders.OFFSET)),
              header(record, RejectionHeaders.REASON)));
      return;
    }
    switch (deserializer.deserialize(record.topic(), record.headers(), record.value())) {
      case AccessCommand command -> commands.add(command);
      case ProductStatus status -> products.put(status.getProductId(), view(status));
      case RequestStatus status ->
          requests.put(
              status.getProductId() + "|" + status.getRequestId(), status.getState().name());
      default -> throw new IllegalStateException(record.toString());
    }
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }

  private static Model.ProductView view(ProductStatus status) {
    var stats = status.getStats();
    return new Model.ProductView(
        status.getState().name(),
        status.getName(),
        status.getDataSources().stream()
            .map(s -> s.getSourceId() + "|" + s.getSourceType())
            .collect(Collectors.toSet()),
        Model.withoutZeros(
            Map.of(
                "PENDING", stats.getPendingRequestCount(),
                "APPROVED", stats.getApprovedRequestCount(),
                "REVOKED", stats.getRevokedRequestCount(),
                "CANCELED", stats.getCanceledRequestCount(),
                "DENIED", stats.getDeniedRequestCount(),
                "EXPIRED", stats.getExpiredRequestCount(),
                "LAPSED", stats.getLapsedRequestCount(),
                "SCHEDULED", stats.getScheduledRequestCount())));
  }

  long commands() {
    return commands.count();
  }

  /** The differences from the expected results, in words. */
  List<String> faults(Truth truth) {
    var model = truth.model();
    var faults = new ArrayList<>(commands.breaches());
    differ("I1: access", commands.access(), model.access(), faults);
    differ("rejected", sorted(rejections), sorted(truth.rejections()), faults);
    differ("product-status", products.entrySet(), model.views().entrySet(), faults);
    differ("request-status", requests.entrySet(), model.requestStates().entrySet(), faults);
    return faults;
  }

  private static List<String> sorted(Collection<String> texts) {
    return texts.stream().sorted().toList();
  }

  private static <T> void differ(
      String what, Collection<T> found, Collection<T> expected, List<String> faults) {
    if (found.equals(expected)) {
      return;
    }
    var known = new HashSet<>(expected);
    var there = new HashSet<>(found);
    faults.add(
        "%s: %d found, %d expected".formatted(what, found.size(), expected.size())
            + "; found besides: "
            + found.stream().filter(f -> !known.contains(f)).limit(SHOWN_MAX).toList()
            + "; missing: "
            + expected.stream().filter(e -> !there.contains(e)).limit(SHOWN_MAX).toList());
  }

  @Override
  public void close() {
    reader.close();
    deserializer.close();
  }
}
