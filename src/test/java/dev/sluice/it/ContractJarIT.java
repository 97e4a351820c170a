package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The jar for Java producers and consumers, beside nothing but Avro and kafka-clients. */
@Execution(ExecutionMode.CONCURRENT)
class ContractJarIT {
  private static final Path JAR =
      Path.of(System.getProperty("sluice.jar")).resolveSibling("sluice-contract.jar");

  /** The two, and what they themselves cannot be without; commands are compressed by lz4. */
  private static final String LIBRARIES =
      "(avro|kafka-clients|jackson-(core|databind|annotations)|slf4j-api|lz4-java)-.*[.]jar";

  private static final String CONSUMER =
      """
      import dev.sluice.avro.AccessAction;
      import dev.sluice.avro.AccessCommand;
      import dev.sluice.avro.CommandReason;
      import dev.sluice.contract.EventHeaders;
      import dev.sluice.contract.RejectionHeaders;
      import dev.sluice.contract.RejectionReason;
      import dev.sluice.contract.Topics;
      import dev.sluice.contract.TraceContext;
      import dev.sluice.contract.TraceHeaders;
      import dev.sluice.contract.TrustedRecords;
      import java.time.Instant;
      import java.util.function.Supplier;
      import org.apache.kafka.clients.consumer.ConsumerRecord;

      /** Writes and reads a command, and reads why an event was rejected. */
      public final class Consumer implements Supplier<String> {
        @Override
        public String get() {
          TrustedRecords.trust();
          try {
            var command =
                AccessCommand.newBuilder()
                    .setAction(AccessAction.GRANT)
                    .setUserId("ana")
                    .setSourceId("s1")
                    .setSourceType("Snowflake")
                    .setProductId("p1")
                    .setReason(CommandReason.ACCESS_APPROVED)
                    .setCauseEventId("e1")
                    .setRevision(7)
                    .setOccurredAt(Instant.EPOCH)
                    .build();
            var read = AccessCommand.getDecoder().decode(AccessCommand.getEncoder().encode(command));
            var topics = new Topics("");
            var rejected =
                new ConsumerRecord<byte[], byte[]>(topics.rejectedEvents(), 0, 0, null, null);
            rejected.headers().add(RejectionHeaders.REASON, "UNKNOWN_PRODUCT".getBytes());
            TraceHeaders.of(TraceContext.of("00-" + "a".repeat(32) + "-" + "b".repeat(16) + "-01", null))
                .forEach(rejected.headers()::add);
            var reason =
                RejectionReason.valueOf(
                    new String(rejected.headers().lastHeader(RejectionHeaders.REASON).value()));
            return String.join(
                " ",
                read.getAction().toString(),
                read.getUserId(),
                topics.accessCommands(),
                reason.remedy(),
                TraceHeaders.read(rejected.headers()).traceparent().substring(0, 4),
                EventHeaders.PUBLISHER);
          } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        }
      }
      """;

  @TempDir private Path folder;

  /** What stands beside the code of a producer or consumer. */
  static List<Path> classPath() throws IOException {
    var paths = new ArrayList<Path>();
    paths.add(JAR);
    try (Stream<Path> files = Files.list(JAR.resolveSibling("lib"))) {
      files.filter(f -> f.getFileName().toString().matches(LIBRARIES)).forEach(paths::add);
    }
    assertThat(paths).hasSize(8);
    return paths;
  }

  /** Compiles one file against that. */
  static void compile(Path source, Path into) throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    var said = new StringWriter();
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      var options =
          List.of("-proc:none", "-Xlint:all", "-Werror", "-d", into.toString(), "-cp", joined());
      var task =
          compiler.getTask(said, files, null, options, null, files.getJavaFileObjects(source));
      assertThat(task.call()).as(said.toString()).isTrue();
    }
  }

  /** The class path, as an option of {@code java}. */
  static String joined() throws IOException {
    return classPath().stream().map(Path::toString).collect(Collectors.joining(":"));
  }

  @Test
  void shouldHoldTheContractAndNothingElse() throws Exception {
    var entries = ShippedIT.entries(JAR);

    assertThat(entries)
        .contains(
            "avro/ProductEvent.avsc",
            "avro/AccessCommand.avsc",
            "avro/AccessResult.avsc",
            "avro/AccessDelivery.avsc",
            "avro/ProductStatus.avsc",
            "avro/RequestStatus.avsc",
            "dev/sluice/avro/AccessCommand.class",
            "dev/sluice/contract/Topics.class")
        .allMatch(
            name ->
                name.matches(
                    "META-INF/.*|avro/[A-Za-z]+[.]avsc|dev/sluice/(avro|contract)/[^/]+[.]class"));
  }

  @Test
  void shouldSufficeForAConsumerWithAvroAndKafkaClients() throws Exception {
    var source = Files.writeString(folder.resolve("Consumer.java"), CONSUMER);
    compile(source, folder);

    var urls = new ArrayList<URL>();
    urls.add(folder.toUri().toURL());
    for (var path : classPath()) {
      urls.add(path.toUri().toURL());
    }
    var before = Thread.currentThread().getContextClassLoader();
    try (var loader =
        new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      // Avro looks there for the generated classes.
      Thread.currentThread().setContextClassLoader(loader);
      var consumer =
          (java.util.function.Supplier<?>)
              loader.loadClass("Consumer").getDeclaredConstructor().newInstance();

      assertThat(consumer.get())
          .isEqualTo("GRANT ana access-commands Publish the product first. 00-a sluice.publisher");
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }
}
