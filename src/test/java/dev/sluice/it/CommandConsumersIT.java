package dev.sluice.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.avro.AccessAction;
import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.AccessResult;
import dev.sluice.avro.DeliveryOutcome;
import dev.sluice.avro.ErrorClass;
import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.event.Event;
import dev.sluice.event.Events;
import dev.sluice.sim.Model.Access;
import dev.sluice.testing.Commands;
import dev.sluice.testing.CommittedLog;
import dev.sluice.testing.Requirement;
import dev.sluice.testing.Resource;
import dev.sluice.testing.TestCluster;
import dev.sluice.testing.Tool;
import dev.sluice.testing.WorkerProcess;
import dev.sluice.testing.Workers;
import dev.sluice.topology.ContractSerdes;
import dev.sluice.user.UserEvents;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * The examples of docs/examples that carry out commands, as processes beside a worker on a real
 * broker. They are killed at two points; at the end the platform has what it should have.
 */
@Execution(ExecutionMode.CONCURRENT) // mostly waiting
@ResourceLock(value = Resource.FAILURE_LOG, mode = ResourceAccessMode.READ)
@Tag("heavy")
class CommandConsumersIT {
  private static final int PARTITIONS = 3;
  private static final int USERS = 20;
  private static final String TYPE = "Snowflake";

  @RegisterExtension static final TestCluster CLUSTER = TestCluster.shared();

  /** One of the examples, with the platform that it keeps in a file. */
  private interface Example {
    /** Makes a source, as its owner would. */
    void addSource(String id) throws Exception;

    ProcessBuilder command(SluiceConfig config, String name) throws Exception;

    /** Who can read what. */
    Set<Access> access() throws Exception;
  }

  /** CarryOut.java, compiled against the contract's jar. */
  private record InJava(Path folder) implements Example {
    private Path platform() {
      return folder.resolve("platform").resolve(TYPE);
    }

    @Override
    public void addSource(String id) throws IOException {
      Files.createDirectories(platform());
      Files.createFile(platform().resolve(URLEncoder.encode(id, UTF_8)));
    }

    @Override
    public ProcessBuilder command(SluiceConfig config, String name) throws IOException {
      var classes = folder.resolve("classes");
      if (!Files.exists(classes)) {
        Files.createDirectories(classes);
        ContractJarIT.compile(Path.of("docs/examples/CarryOut.java"), classes);
      }
      return new ProcessBuilder(
          Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-cp",
          classes + ":" + ContractJarIT.joined(),
          "CarryOut",
          CLUSTER.bootstrapServers(),
          CLUSTER.registry().url(),
          folder.resolve("platform").toString(),
          name,
          config.topicPrefix());
    }

    @Override
    public Set<Access> access() throws IOException {
      var access = new HashSet<Access>();
      try (var files = Files.list(platform())) {
        for (var file : files.filter(one -> !one.toString().contains("~")).toList()) {
          var source = URLDecoder.decode(file.getFileName().toString(), UTF_8);
          for (var line : Files.readAllLines(file)) {
            var parts = line.split("\t");
            if (parts[3].equals("GRANT")) {
              access.add(new Access(parts[0], source, TYPE));
            }
          }
        }
      }
      return access;
    }
  }

  /** carry_out.py, with whichever python3 comes first. */
  private record InPython(Path folder) implements Example {
    private static String[] script(String... arguments) {
      var all = new ArrayList<>(List.of("python3", "-B", "docs/examples/carry_out.py"));
      all.addAll(List.of(arguments));
      return all.toArray(String[]::new);
    }

    private String platform() {
      return folder.resolve("platform.db").toString();
    }

    @Override
    public void addSource(String id) throws Exception {
      Tool.run(Path.of("/dev/null"), script("source", platform(), TYPE, id));
    }

    @Override
    public ProcessBuilder command(SluiceConfig config, String name) {
      return new ProcessBuilder(
          script(
              "run",
              CLUSTER.bootstrapServers(),
              CLUSTER.registry().url(),
              platform(),
              name,
              config.topicPrefix()));
    }

    @Override
    public Set<Access> access() throws Exception {
      var access = new HashSet<Access>();
      for (var line : Tool.run(Path.of("/dev/null"), script("show", platform())).split("\n")) {
        if (!line.isEmpty()) {
          var parts = line.split("\t");
          access.add(new Access(parts[0], parts[2], parts[1]));
        }
      }
      return access;
    }
  }

  /** A result, and where it was found. */
  private record Found(ConsumerRecord<byte[], byte[]> record, AccessResult result) {}

  /** Which command a result is about. */
  private record Number(int epoch, long revision) {
    static Number of(AccessCommand command) {
      return new Number(command.getEpoch(), command.getRevision());
    }

    static Number of(AccessResult result) {
      return new Number(result.getEpoch(), result.getRevision());
    }
  }

  private static SluiceConfig config(String id) {
    return CLUSTER.config(
        id,
        Map.of(
            "schema.registry.url",
            CLUSTER.registry().url(),
            "topic.partitions",
            Integer.toString(PARTITIONS)));
  }

  private static String resultsTopic(SluiceConfig config) {
    return config.topicPrefix() + "access-results";
  }

  private static Path folder(SluiceConfig config) throws IOException {
    return Files.createDirectories(CLUSTER.folder().resolve(config.applicationId() + "-example"));
  }

  private static WorkerProcess start(Example example, SluiceConfig config, String name)
      throws Exception {
    var log = Files.createTempFile(folder(config), name + "-", ".log");
    return WorkerProcess.start(log, example.command(config, name));
  }

  private static void createResultsTopic(SluiceConfig config) throws Exception {
    try (var admin = Admin.create(config.clientConfig())) {
      admin
          .createTopics(List.of(new NewTopic(resultsTopic(config), PARTITIONS, (short) 1)))
          .all()
          .get();
    } catch (ExecutionException e) {
      assertThat(e.getCause()).isInstanceOf(TopicExistsException.class);
    }
  }

  /** All committed results, from the beginning. */
  private static List<Found> results(SluiceConfig config) {
    var settings = new HashMap<>(config.clientConfig());
    settings.put("isolation.level", "read_committed");
    var found = new ArrayList<Found>();
    try (var serde = new ContractSerdes(config).deserializer();
        var consumer =
            new KafkaConsumer<>(
                settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      var partitions =
          IntStream.range(0, PARTITIONS)
              .mapToObj(p -> new TopicPartition(resultsTopic(config), p))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        for (var record : consumer.poll(Duration.ofMillis(200))) {
          var value = serde.deserialize(record.topic(), record.headers(), record.value());
          found.add(new Found(record, (AccessResult) value));
        }
      }
    }
    return found;
  }

  /** The commands that are the newest of their keys, by key. */
  private static Map<String, ConsumerRecord<byte[], byte[]>> newest(CommittedLog log) {
    var newest = new HashMap<String, ConsumerRecord<byte[], byte[]>>();
    log.commandRecords.forEach(record -> newest.put(new String(record.key(), UTF_8), record));
    return newest;
  }

  /** The keys whose newest command has no APPLIED result under the same key and partition. */
  private static Set<String> unconfirmed(SluiceConfig config) {
    var log = CommittedLog.read(config);
    var expected = new HashMap<String, Number>();
    for (int i = 0; i < log.commands.size(); i++) {
      expected.put(
          new String(log.commandRecords.get(i).key(), UTF_8), Number.of(log.commands.get(i)));
    }
    var places = newest(log);
    for (var found : results(config)) {
      var key = new String(found.record.key(), UTF_8);
      if (found.result.getOutcome() == DeliveryOutcome.APPLIED
          && Number.of(found.result).equals(expected.get(key))
          && found.record.partition() == places.get(key).partition()) {
        expected.remove(key);
      }
    }
    return expected.keySet();
  }

  /** Waits, and fails with what the processes said where one of them ends. */
  private static void await(String what, Callable<Boolean> condition, WorkerProcess... processes) {
    Awaitility.await(what)
        .atMost(Workers.TIMEOUT)
        .until(
            () -> {
              for (var process : processes) {
                if (!process.isAlive()) {
                  throw new AssertionError(what + ":\n" + String.join("\n", process.lines()));
                }
              }
              return condition.call();
            });
  }

  private static String[] sources(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "sales/orders " + i).toArray(String[]::new);
  }

  private static List<Event> approvals() {
    var events = new ArrayList<Event>();
    events.add(Events.published("p0", sources(0, 20)));
    events.add(Events.published("p1", sources(10, 30)));
    events.add(Events.published("p2", sources(25, 40)));
    for (int u = 0; u < USERS; u++) {
      for (var product : List.of("p0", "p1", "p2")) {
        events.add(Events.approved(product, "r-" + product + "-" + u, "user " + u));
      }
    }
    return events;
  }

  /** Kills it where the platform has the access and no result says so, and amid its results. */
  private static void killedTwice(SluiceConfig config, Example example) throws Exception {
    for (var source : sources(0, 40)) {
      example.addSource(source);
    }
    try (var worker = Workers.running(config)) {
      Workers.publish(config, approvals());
      Workers.settle(config);

      // There is no topic for results, so it does not come beyond the platform.
      try (var first = start(example, config, "one")) {
        await("the platform has access", () -> !example.access().isEmpty(), first);
        first.kill();
      }
      createResultsTopic(config);
      assertThat(results(config)).isEmpty();
      Workers.publish(config, Events.suspended("p0"), Events.replaced("p1", sources(12, 33)));
      Workers.settle(config);

      try (var second = start(example, config, "one")) {
        await("the first results", () -> !results(config).isEmpty(), second);
        second.kill();
      }
      // On a quick machine it may have answered all by then: the next process finds more to do.
      Workers.publish(
          config,
          Events.resumed("p0"),
          Events.suspended("p2"),
          Events.revoked("p1", "r-p1-3", "user 3"),
          UserEvents.deactivated("user 7"));
      Workers.settle(config);

      try (var third = start(example, config, "one");
          var other = start(example, config, "two")) {
        await("every command is confirmed", () -> unconfirmed(config).isEmpty(), third, other);
        worker.failIfEnded();

        var desired = CommittedLog.read(config).access();
        assertThat(desired).hasSizeGreaterThan(300);
        assertThat(example.access()).isEqualTo(desired);
        third.terminate();
        other.terminate();
        third.status(Workers.TIMEOUT);
        other.status(Workers.TIMEOUT);
      }
    }
  }

  /** Forgets where the example was. */
  private static void forget(SluiceConfig config) {
    var group = config.topicPrefix() + "carry-out";
    try (var admin = Admin.create(config.clientConfig())) {
      Awaitility.await("the group is empty")
          .atMost(Workers.TIMEOUT)
          .ignoreExceptions()
          .until(
              () -> {
                admin
                    .removeMembersFromConsumerGroup(
                        group, new RemoveMembersFromConsumerGroupOptions())
                    .all()
                    .get();
                admin.deleteConsumerGroups(List.of(group)).all().get();
                return true;
              });
    }
  }

  private static void writeCommand(SluiceConfig config, int partition, byte[] value) {
    try (var producer =
        new KafkaProducer<>(
            config.clientConfig(), new ByteArraySerializer(), new ByteArraySerializer())) {
      var topic = new Topics(config.topicPrefix()).accessCommands();
      producer.send(new ProducerRecord<>(topic, partition, "nobody".getBytes(UTF_8), value));
    }
  }

  private static long count(SluiceConfig config, Predicate<AccessResult> which) {
    return results(config).stream().map(Found::result).filter(which).count();
  }

  private static void awaitResult(
      SluiceConfig config, WorkerProcess process, String sourceId, DeliveryOutcome outcome) {
    await(
        sourceId + " " + outcome,
        () ->
            count(config, one -> one.getSourceId().equals(sourceId) && one.getOutcome() == outcome)
                > 0,
        process);
  }

  private static AccessResult failure(SluiceConfig config, String sourceId) {
    return results(config).stream()
        .map(Found::result)
        .filter(one -> one.getSourceId().equals(sourceId))
        .filter(one -> one.getOutcome() == DeliveryOutcome.FAILED)
        .findFirst()
        .orElseThrow();
  }

  /** A source that is missing, bytes that are no command, and a place that is lost. */
  private static void troubled(SluiceConfig config, Example example) throws Exception {
    example.addSource("there");
    createResultsTopic(config);
    try (var worker = Workers.running(config)) {
      var others = Events.source("elsewhere", "Databricks");
      Workers.publish(
          config,
          Events.published("p1", List.of(Events.source("there"), Events.source("missing"), others)),
          Events.approved("p1", "r1", "ana"));
      Workers.awaitCommands(config, 3);
      for (int partition = 0; partition < PARTITIONS; partition++) {
        writeCommand(config, partition, new byte[] {1, 2, 3});
        writeCommand(config, partition, null);
      }
      try (var process = start(example, config, "one")) {
        awaitResult(config, process, "there", DeliveryOutcome.APPLIED);
        awaitResult(config, process, "missing", DeliveryOutcome.FAILED);
        process.awaitLine("left out, since it is no command: ");
        process.kill();
      }
      var failure = failure(config, "missing");
      assertThat(failure.getErrorClass()).isEqualTo(ErrorClass.NEEDS_PERSON);
      assertThat(failure.getCode()).isEqualTo("NO_SUCH_SOURCE");
      assertThat(failure.getAttempts()).isEqualTo(1);
      assertThat(failure.getExecutor()).isEqualTo("one");

      // Its place did not go beyond the command that failed: the next start tries it at once.
      example.addSource("missing");
      try (var process = start(example, config, "one")) {
        awaitResult(config, process, "missing", DeliveryOutcome.APPLIED);
        process.kill();
      }
      assertThat(example.access()).hasSize(2);

      // No command is carried out before a newer one is read.
      Workers.publish(config, Events.revoked("p1", "r1", "ana"));
      worker.failIfEnded();
      Workers.settle(config);
      try (var process = start(example, config, "one")) {
        await(
            "revoked",
            () -> count(config, one -> one.getAction() == AccessAction.REVOKE) == 2,
            process);
        process.kill();
      }
      forget(config);
      var before = results(config).size();
      try (var process = start(example, config, "one")) {
        await("answered again", () -> results(config).size() == before + 2, process);
        process.kill();
      }
      assertThat(example.access()).isEmpty();
      // Another program's.
      assertThat(count(config, one -> one.getSourceId().equals("elsewhere"))).isZero();
    }
  }

  @Test
  void shouldCarryOutCommandsInJavaThoughItIsKilled() throws Exception {
    var config = config("consumer-java");
    killedTwice(config, new InJava(folder(config)));

    // Results and offsets are in one transaction: no command is confirmed twice.
    assertThat(
            results(config).stream()
                .map(found -> new String(found.record.key(), UTF_8) + Number.of(found.result)))
        .doesNotHaveDuplicates();
  }

  @Test
  void shouldSayInJavaWhatFailsAndGoOn() throws Exception {
    var config = config("troubled-java");
    troubled(config, new InJava(folder(config)));
  }

  @Test
  void shouldCarryOutCommandsInPythonThoughItIsKilled() throws Exception {
    requirePython();
    var config = config("consumer-python");
    killedTwice(config, new InPython(folder(config)));
  }

  @Test
  void shouldSayInPythonWhatFailsAndGoOn() throws Exception {
    requirePython();
    var config = config("troubled-python");
    troubled(config, new InPython(folder(config)));
  }

  private static void requirePython() throws InterruptedException {
    Requirement.CONFLUENT_KAFKA.require(
        Commands.succeeds("python3", "-c", "import fastavro, confluent_kafka"));
  }
}
