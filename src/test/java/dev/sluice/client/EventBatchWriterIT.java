package dev.sluice.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sluice.client.EventBatchWriter.NotKnownException;
import dev.sluice.client.EventBatchWriter.NotWrittenException;
import dev.sluice.config.ApiKeys;
import dev.sluice.config.SluiceConfig;
import dev.sluice.event.Events;
import dev.sluice.event.ProductEvent;
import dev.sluice.testing.FreePorts;
import dev.sluice.testing.Jars;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the intake's answers while the broker is frozen, and their truth afterwards. */
@Execution(ExecutionMode.CONCURRENT) // mostly waiting
class EventBatchWriterIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(120);

  /** Real time: maximum time of a call. There is room for a busy machine to get to the commit. */
  private static final int BOUND_MS = 6_000;

  /** The product of the events that make an intake ready. */
  private static final String FIRST = "first";

  @TempDir private static Path folder;
  private static String servers;
  private static Process broker;

  @BeforeAll
  static void start() throws Exception {
    var port = FreePorts.next();
    servers = "127.0.0.1:" + port;
    broker =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx300m",
                "-cp",
                "target/test-classes:" + Jars.developmentClassPath(),
                "dev.sluice.it.chaos.BrokerProcess",
                folder.resolve("broker").toString(),
                String.valueOf(port))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("broker.log").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(broker::destroyForcibly));
  }

  @AfterAll
  static void stop() {
    broker.destroyForcibly().onExit().join();
  }

  private static void signal(String signal) {
    try {
      new ProcessBuilder("kill", "-" + signal, String.valueOf(broker.pid())).start().waitFor();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void freeze() {
    signal("STOP");
  }

  private static void wake() {
    signal("CONT");
  }

  /** Each test has a topic of its own. */
  private static SluiceConfig config(String name) throws Exception {
    var settings = new HashMap<String, String>();
    settings.put("bootstrap.servers", servers);
    settings.put("schema.registry.url", "mock://intake");
    settings.put("application.id", name);
    settings.put("topic.prefix", name + ".");
    settings.put("http.events.timeout.ms", String.valueOf(BOUND_MS));
    var config = SluiceConfig.of(settings);
    try (var admin = Admin.create(config.clientConfig())) {
      Awaitility.await()
          .atMost(TIMEOUT)
          .ignoreExceptions()
          .until(
              () ->
                  admin.createTopics(List.of(new NewTopic(topic(config), 1, (short) 1))).all().get()
                      == null);
    }
    return config;
  }

  private static String topic(SluiceConfig config) {
    return config.topicPrefix() + "product-events";
  }

  private static List<ProductEvent> five(String productId) {
    var events = new ArrayList<ProductEvent>();
    events.add(Events.published(productId, "s1"));
    for (int i = 1; i < 5; i++) {
      events.add(Events.approved(productId, "r" + i, "u" + i));
    }
    return events;
  }

  /** The keys of what the worker would read, from the beginning to what is the end now. */
  private static List<String> committed(SluiceConfig config) {
    Map<String, Object> settings = new HashMap<>(config.clientConfig());
    settings.put("isolation.level", "read_committed");
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      var partition = new TopicPartition(topic(config), 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      // With open transactions in it: they must come to their end, too.
      var raw = new HashMap<>(config.clientConfig());
      long end;
      try (var all =
          new KafkaConsumer<>(raw, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
        end = Objects.requireNonNull(all.endOffsets(List.of(partition)).get(partition));
      }
      var keys = new ArrayList<String>();
      Awaitility.await()
          .atMost(TIMEOUT)
          .until(
              () -> {
                consumer
                    .poll(Duration.ofMillis(200))
                    .forEach(record -> keys.add(new String(record.key())));
                return consumer.position(partition) >= end;
              });
      return keys;
    }
  }

  /**
   * An intake that has written, and whose producers then meet with something before or after one of
   * their methods, once.
   */
  private static EventBatchWriter intake(
      SluiceConfig config, String method, Runnable before, Runnable after) {
    var ready = new AtomicBoolean();
    var intake =
        new EventBatchWriter(
            config.get(ApiKeys.EVENTS_TIMEOUT),
            () -> new EventRecordEncoder(config),
            number -> {
              var real = EventBatchWriter.producer(config, number);
              return (Producer<byte[], byte[]>)
                  Proxy.newProxyInstance(
                      EventBatchWriterIT.class.getClassLoader(),
                      new Class<?>[] {Producer.class},
                      (proxy, called, arguments) -> {
                        var now =
                            called.getName().equals(method) && ready.compareAndSet(true, false);
                        if (now) {
                          before.run();
                        }
                        try {
                          return called.invoke(real, arguments);
                        } catch (InvocationTargetException e) {
                          throw e.getCause();
                        } finally {
                          if (now) {
                            after.run();
                          }
                        }
                      });
            });
    awaitWritten(intake, FIRST);
    ready.set(true);
    return intake;
  }

  /** Waits until the intake has written five events of a product. */
  private static void awaitWritten(EventBatchWriter intake, String productId) {
    Awaitility.await()
        .atMost(TIMEOUT)
        .ignoreExceptions()
        .until(() -> intake.write(five(productId), null).size() == 5);
  }

  @Execution(ExecutionMode.SAME_THREAD) // One freezes the broker of all.
  @Test
  void shouldWriteNothingForThoseWhoWereToldSoWhileTheBrokerWasFrozenBefore() throws Exception {
    var config = config("before");
    try (var intake = new EventBatchWriter(config)) {
      freeze();
      try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
        var second = callers.submit(() -> intake.write(five("p2"), null));

        // One bound for five events, and for each of two callers.
        assertThatThrownBy(() -> intake.write(five("p1"), null))
            .isInstanceOf(NotWrittenException.class)
            .hasMessageMatching("nothing was written: .*(6000 ms|[Tt]imeout).*");
        assertThat(catchThrowable(second::get)).hasCauseInstanceOf(NotWrittenException.class);
      } finally {
        wake();
      }
      awaitWritten(intake, "p3");
    }
    assertThat(committed(config)).hasSize(5).containsOnly("p3");
  }

  @Execution(ExecutionMode.SAME_THREAD) // One freezes the broker of all.
  @ParameterizedTest
  @ValueSource(strings = {"send", "flush"})
  void shouldWriteNothingWhereTheBrokerFreezesBetweenTheEventsAndTheCommit(String method)
      throws Exception {
    var config = config("in-" + method);
    var atSend = method.equals("send");
    try (var intake =
        intake(
            config,
            method,
            atSend ? EventBatchWriterIT::freeze : () -> {},
            atSend ? () -> {} : EventBatchWriterIT::freeze)) {
      try {
        // After the flush all events are in Kafka, and only the commit is missing.
        var failure = catchThrowable(() -> intake.write(five("p1"), null));
        if (atSend) {
          assertThat(failure).isInstanceOf(NotWrittenException.class);
        } else {
          assertThat(failure).isInstanceOf(NotKnownException.class);
        }
      } finally {
        wake();
      }
      awaitWritten(intake, "p3");
    }
    var keys = committed(config);
    assertThat(keys.stream().filter("p3"::equals)).hasSize(5);
    var first = keys.stream().filter("p1"::equals).count();
    assertThat(first).isIn(atSend ? List.of(0L) : List.of(0L, 5L));
  }

  @Execution(ExecutionMode.SAME_THREAD) // One freezes the broker of all.
  @Test
  void shouldSayThatItIsNotKnownWhereTheBrokerFreezesInTheCommitAndAllOrNoneAreThere()
      throws Exception {
    var config = config("commit");
    try (var intake = intake(config, "commitTransaction", EventBatchWriterIT::freeze, () -> {})) {
      try {
        assertThatThrownBy(() -> intake.write(five("p1"), null))
            .isInstanceOf(NotKnownException.class)
            .hasMessageContaining("either all of them are written, or none");
      } finally {
        wake();
      }
      // As the answer advises.
      awaitWritten(intake, "p1");
    }
    assertThat(committed(config).stream().filter("p1"::equals).count()).isIn(5L, 10L);
  }
}
