package dev.sluice.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.client.EventPublisher;
import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.dev.registry.RegistryServer;
import dev.sluice.event.Events;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import dev.sluice.event.codec.EventAvro;
import dev.sluice.keys.EventPartitioner;
import dev.sluice.sim.Histories;
import dev.sluice.sim.Model;
import dev.sluice.testing.CommittedLog;
import dev.sluice.testing.Resource;
import dev.sluice.testing.TestCluster;
import dev.sluice.testing.Workers;
import dev.sluice.topology.ContractSerdes;
import dev.sluice.worker.Worker;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Real workers on a real broker with exactly-once: four partitions on every topic, three of
 * access-updates, two stream threads in each worker.
 */
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock(value = Resource.FAILURE_LOG, mode = ResourceAccessMode.READ)
class WorkerIT {
  /** Far from now: what expires in a history has done so long ago, or never does. */
  private static final Instant START = Instant.parse("2096-01-05T09:00:00Z");

  private static final String INSTANCE = "its own name";
  private static final AtomicInteger RUNS = new AtomicInteger();

  @RegisterExtension static final TestCluster CLUSTER = TestCluster.shared();

  private static SluiceConfig config(int run, String dataDir, Map<String, String> more) {
    var settings = new HashMap<String, String>();
    settings.put("schema.registry.url", CLUSTER.registry().url());
    settings.put("topic.partitions", "4");
    settings.put("access.partitions", "3");
    settings.put("threads", "2");
    settings.putAll(more);
    return CLUSTER.config("it-" + run, dataDir + run, settings);
  }

  static List<ProductEvent> history(long seed, int count) {
    var histories = new Histories(seed);
    var events = new ArrayList<ProductEvent>();
    for (int i = 0; i < count; i++) {
      events.add(histories.next(START));
    }
    return events;
  }

  static void agree(SluiceConfig config, List<ProductEvent> events) {
    var model = new Model();
    var expected = new ArrayList<String>();
    for (var event : events) {
      var outcome = model.apply(event.productId(), event, Instant.now());
      if (!List.of("applied", "no_op", "duplicate").contains(outcome)) {
        expected.add(outcome.toUpperCase(java.util.Locale.ROOT));
      }
    }
    var log = CommittedLog.read(config);
    assertThat(log.breaches()).isEmpty();
    assertThat(log.access()).as("I1").isEqualTo(model.access());
    assertThat(log.rejections).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(log.commands).isNotEmpty();
    log.products.forEach(
        (id, status) ->
            assertThat(status.getStats().getApprovedRequestCount())
                .isEqualTo(model.count(id, "APPROVED")));
  }

  /** The ways in which workers share the work. */
  enum Membership {
    CLASSIC(Map.of()),
    /** Each worker has its own name, and keeps its work until the operator removes it for good. */
    STATIC(Map.of("streams.group.instance.id", INSTANCE)),
    STREAMS(Map.of("group.protocol", "streams"));

    private final Map<String, String> settings;

    Membership(Map<String, String> settings) {
      this.settings = settings;
    }

    Map<String, String> of(String worker) {
      var own = new HashMap<>(settings);
      own.replaceAll((key, value) -> value.equals(INSTANCE) ? worker : value);
      return own;
    }
  }

  @Test
  void shouldLoseAndDoubleNothingWhenScaledFromOneToThreeAndBackUnderLoad() throws Exception {
    scaleFromOneToThreeAndBack(Membership.CLASSIC);
  }

  @Tag("heavy")
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CLASSIC")
  void shouldLoseAndDoubleNothingInTheOtherWaysToShareTheWork(Membership membership)
      throws Exception {
    scaleFromOneToThreeAndBack(membership);
  }

  private static void scaleFromOneToThreeAndBack(Membership membership) throws Exception {
    var run = RUNS.incrementAndGet();
    var events = history(7, 2000);
    var first = config(run, "a", membership.of("a"));
    try (var one = Workers.running(first);
        var load = new Steady(first, events)) {
      try (var two = Workers.start(config(run, "b", membership.of("b")));
          var three = Workers.start(config(run, "c", membership.of("c")))) {
        awaitWork(two);
        awaitWork(three);
      }
      if (membership == Membership.STATIC) {
        sendAway(first, "b", "c");
      }
      load.finish();
      Workers.settle(first);
      one.failIfEnded();
    }
    agree(first, events);
  }

  private static void awaitWork(Worker worker) {
    Awaitility.await()
        .atMost(Workers.TIMEOUT)
        .until(
            () -> {
              worker.failIfEnded();
              return worker.status().activeTasks() > 0;
            });
  }

  /** Removes static members that will not return, as an operator does after scaling down. */
  private static void sendAway(SluiceConfig config, String... workers) throws Exception {
    var members =
        Stream.of(workers)
            .flatMap(worker -> Stream.of(worker + "-1", worker + "-2"))
            .map(MemberToRemove::new)
            .toList();
    try (var admin = Admin.create(config.clientConfig())) {
      var removed =
          admin.removeMembersFromConsumerGroup(
              config.applicationId(), new RemoveMembersFromConsumerGroupOptions(members));
      for (var member : members) {
        try {
          removed.memberResult(member).get();
        } catch (ExecutionException e) {
          // Its session has run out meanwhile: Kafka has let it go by itself.
          assertThat(e).hasCauseInstanceOf(UnknownMemberIdException.class);
        }
      }
    }
  }

  /** Publishes events one after the other with pauses, so that they come while workers do. */
  private static final class Steady implements AutoCloseable {
    private static final int TOGETHER = 5;
    private static final long PAUSE_MS = 20;

    private final CompletableFuture<Void> sending;
    private volatile boolean hurried;

    Steady(SluiceConfig config, List<ProductEvent> events) {
      sending = CompletableFuture.runAsync(() -> send(config, events));
    }

    private void send(SluiceConfig config, List<ProductEvent> events) {
      try (var publisher = new EventPublisher(config)) {
        int sent = 0;
        for (var event : events) {
          publisher.send(event);
          if (++sent % TOGETHER == 0 && !hurried) {
            Thread.sleep(PAUSE_MS);
          }
        }
        publisher.flush();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    /** Sends the rest without pauses. */
    void finish() {
      hurried = true;
      sending.join();
    }

    @Override
    public void close() {
      finish();
    }
  }

  @Test
  void shouldContinueAfterARestartAndAfterTheLossOfItsFolder() throws Exception {
    var run = RUNS.incrementAndGet();
    var events = history(11, 900);
    var kept = config(run, "a", Map.of());
    var lost = config(run, "fresh", Map.of());
    for (int i = 0; i < 3; i++) {
      var config = i < 2 ? kept : lost;
      try (var one = Workers.running(config)) {
        Workers.publish(config, events.subList(300 * i, 300 * (i + 1)));
        Workers.settle(config);
        one.failIfEnded();
      }
    }
    agree(kept, events);
  }

  @Test
  void shouldWorkWithTheStreamsGroupProtocolAndStateInMemory() throws Exception {
    var run = RUNS.incrementAndGet();
    var events = history(13, 300);
    var config = config(run, "a", Map.of("group.protocol", "streams", "state.store", "memory"));
    try (var one = Workers.running(config)) {
      Workers.publish(config, events);
      Workers.settle(config);
      one.failIfEnded();
    }
    agree(config, events);
  }

  @Test
  void shouldWaitForTheRegistryAndRejectNothingMeanwhile() throws Exception {
    var run = RUNS.incrementAndGet();
    var events = history(17, 200);
    var schemas = CLUSTER.folder().resolve("schemas-" + run + ".json");
    String url;
    SluiceConfig config;
    try (var registry = RegistryServer.start(0, schemas)) {
      url = registry.url();
      config = config(run, "a", Map.of("schema.registry.url", url));
      try (var one = Workers.running(config)) {
        one.failIfEnded();
      }
      Workers.publish(config, events);
    }
    try (var one = Workers.start(config)) {
      Awaitility.await("the worker waits for the registry")
          .atMost(Workers.TIMEOUT)
          .until(() -> one.status().waiting() != null);
      one.failIfEnded();
      try (var back = RegistryServer.start(URI.create(url).getPort(), schemas)) {
        one.awaitRunning(Workers.TIMEOUT);
        Workers.settle(config);
        // Whatever was rejected meanwhile is still in the log.
        agree(config, events);
        assertThat(back.url()).isEqualTo(url);
      }
    }
  }

  @Test
  void shouldSurviveArbitraryBytes() throws Exception {
    var run = RUNS.incrementAndGet();
    var config = config(run, "a", Map.of());
    var topic = new Topics(config.topicPrefix()).productEvents();
    var events = history(19, 100);
    try (var one = Workers.running(config)) {
      try (var producer =
          new KafkaProducer<>(
              config.clientConfig(), new ByteArraySerializer(), new ByteArraySerializer())) {
        var junk = new byte[][] {null, {}, {0}, {1, 2, 3}, {0, 0, 0, 0, 99, 1}, new byte[2000]};
        for (var bytes : junk) {
          producer.send(new ProducerRecord<>(topic, "p0".getBytes(UTF_8), bytes));
          producer.send(new ProducerRecord<>(topic, 0, null, bytes));
        }
      }
      Workers.publish(config, events);
      Workers.settle(config);
      one.failIfEnded();
    }
    var log = CommittedLog.read(config);
    assertThat(log.rejections.stream().filter(r -> r.equals("UNREADABLE"))).hasSize(12);
    assertThat(log.breaches()).isEmpty();
  }

  @Test
  void shouldRejectEventsInAnotherPartitionAndContinue() throws Exception {
    var run = RUNS.incrementAndGet();
    var config = config(run, "a", Map.of());
    var topic = new Topics(config.topicPrefix()).productEvents();
    var events = List.of(Events.published("p1", "s1"), Events.approved("p1", "r1", "ana"));
    try (var one = Workers.running(config);
        var serializer = new ContractSerdes(config).serializer();
        var producer =
            new KafkaProducer<>(
                config.clientConfig(), new ByteArraySerializer(), new ByteArraySerializer())) {
      Workers.publish(config, events);
      Workers.settle(config);
      var key = "p1".getBytes(UTF_8);
      var right = EventPartitioner.MURMUR2.partition(key, 4);
      for (var event : events) {
        var bytes = serializer.serialize(topic, EventAvro.toAvro(event));
        producer.send(new ProducerRecord<>(topic, (right + 1) % 4, key, bytes));
      }
      producer.flush();
      Workers.publish(config, List.of(Events.suspended("p1")));
      Workers.settle(config);
      one.failIfEnded();
    }
    var log = CommittedLog.read(config);
    assertThat(log.rejections).containsExactly("WRONG_PARTITION", "WRONG_PARTITION");
    assertThat(log.breaches()).isEmpty();
    assertThat(log.access()).isEmpty();
    assertThat(log.commands).hasSize(2);
  }

  @Test
  void shouldAcceptAnotherPartitionerIfConfigured() throws Exception {
    var run = RUNS.incrementAndGet();
    var config = config(run, "a", Map.of("events.partitioner", "crc32"));
    var events = history(23, 200);
    try (var one = Workers.running(config)) {
      Workers.publish(config, events);
      Workers.settle(config);
      one.failIfEnded();
    }
    agree(config, events);
  }

  @Test
  void shouldSurviveEventsOfTheLargestSize() throws Exception {
    var run = RUNS.incrementAndGet();
    var text = new StringBuilder();
    new java.util.Random(1).ints(1_040_000, 'a', 'z' + 1).forEach(c -> text.append((char) c));
    var config = config(run, "a", Map.of());
    var fits = text.substring(0, 990_000);
    var large =
        List.of(
            publication(text.toString()),
            publication(fits),
            Events.updated(
                "p1",
                new Payload.ProductUpdated(null, null, List.of(text.toString()), null, null, null)),
            Events.withId("another", publication(fits)),
            Events.approved("p1", "r1", "ana"),
            Events.deleted("p1", text.toString()));
    try (var one = Workers.running(config)) {
      Workers.publish(config, large);
      Workers.settle(config);
      one.failIfEnded();
    }
    var log = CommittedLog.read(config);
    assertThat(log.rejections).containsExactly("TOO_LARGE", "TOO_LARGE", "PRODUCT_EXISTS");
    assertThat(log.commands).hasSize(2);
  }

  private static ProductEvent publication(String domain) {
    var sources = Events.sources("s1");
    return Events.event(
        "p1",
        "p1",
        new Payload.ProductPublished(
            "Sales", null, List.of(domain), sources, null, List.of(), null));
  }
}
