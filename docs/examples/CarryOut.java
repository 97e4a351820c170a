import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.avro.AccessAction;
import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.AccessResult;
import dev.sluice.avro.DeliveryOutcome;
import dev.sluice.avro.ErrorClass;
import dev.sluice.contract.TrustedRecords;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Carries out Sluice's commands, and answers each with a result. To use it for your platform,
 * replace the class {@link Platform}. The rest keeps the order, and survives a crash at any point.
 *
 * <pre>
 * java -cp 'target/sluice-contract.jar:target/lib/*' docs/examples/CarryOut.java \
 *     BROKERS REGISTRY FOLDER NAME [TOPIC_PREFIX]
 * </pre>
 *
 * <p>NAME is the name of this process: unique among the processes that share the work, and the same
 * after a restart. Needs sluice-contract.jar, Avro and kafka-clients, and what these two need.
 */
public final class CarryOut implements ConsumerRebalanceListener {
  private static final int COMMANDS_AT_ONCE = 500;

  /**
   * The newest command of a user and source, while it is not carried out.
   *
   * @param record where it was read
   * @param attempts how often it was tried
   * @param due when to try it
   */
  private record Waiting(
      ConsumerRecord<byte[], byte[]> record, AccessCommand command, int attempts, Instant due) {
    TopicPartition partition() {
      return new TopicPartition(record.topic(), record.partition());
    }
  }

  private final Platform platform;
  private final Registry registry;
  private final String name;
  private final String commandsTopic;
  private final String resultsTopic;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final KafkaProducer<byte[], byte[]> producer;

  /** By user, type and id. In memory: a topic with very many keys needs a table here. */
  private final Map<List<String>, Waiting> waiting = new LinkedHashMap<>();

  /** Where each partition ended when this process got it. */
  private final Map<TopicPartition, Long> ends = new HashMap<>();

  private Map<TopicPartition, OffsetAndMetadata> written = Map.of();
  private volatile boolean stopped;

  private CarryOut(String brokers, String registry, Path folder, String name, String prefix) {
    this.platform = new Platform(folder);
    this.registry = new Registry(registry);
    this.name = name;
    this.commandsTopic = prefix + "access-commands";
    this.resultsTopic = prefix + "access-results";
    // Passwords and TLS go into both maps.
    var group = prefix + "carry-out";
    this.consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", brokers,
                "group.id", group,
                // After a crash the next start has its partitions at once, and not when the session
                // of the dead process ends.
                "group.instance.id", name,
                "isolation.level", "read_committed",
                "enable.auto.commit", false,
                "auto.offset.reset", "earliest",
                "max.poll.records", COMMANDS_AT_ONCE),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", brokers, "transactional.id", group + "-" + name),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /**
   * Ends with an exception where it cannot go on. Let it be started again then: nothing is lost.
   */
  public static void main(String[] args) {
    if (args.length < 4 || args.length > 5) {
      System.err.println("CarryOut BROKERS REGISTRY FOLDER NAME [TOPIC_PREFIX]");
      System.exit(2);
    }
    TrustedRecords.trust();
    var prefix = args.length == 5 ? args[4] : "";
    try {
      new CarryOut(args[0], args[1], Path.of(args[2]), args[3], prefix).run();
    } catch (KafkaException e) {
      throw new IllegalStateException("stopped: " + e.getMessage(), e);
    }
  }

  private void run() {
    var here = Thread.currentThread();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  stopped = true;
                  join(here);
                }));
    try (consumer;
        producer) {
      // Ends a transaction that a killed process of this name left open.
      producer.initTransactions();
      consumer.subscribe(List.of(commandsTopic), this);
      while (!stopped) {
        consumer.poll(Duration.ofMillis(200)).forEach(this::take);
        write(carryOutWhatIsDue());
      }
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    ends.putAll(consumer.endOffsets(partitions));
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    waiting.values().removeIf(one -> partitions.contains(one.partition()));
    ends.keySet().removeAll(partitions);
  }

  /** The newest command of a user and source replaces an older one that waits. */
  private void take(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      return;
    }
    AccessCommand command;
    try {
      command = registry.read(record.value());
    } catch (NoCommand unreadable) {
      log(
          "left out, since it is no command: %s-%d at offset %d: %s"
              .formatted(record.topic(), record.partition(), record.offset(), unreadable));
      return;
    }
    if (!platform.has(command.getSourceType())) {
      return; // for another program, which answers it
    }
    // Not by the record's key: a topic from earlier versions of Sluice has keys of two forms.
    var pair = List.of(command.getUserId(), command.getSourceType(), command.getSourceId());
    var known = waiting.get(pair);
    if (known == null || compare(command, known.command) > 0) {
      waiting.put(pair, new Waiting(record, command, 0, Instant.MIN));
    }
  }

  /** First by epoch, then by revision. */
  static int compare(AccessCommand one, AccessCommand other) {
    var byEpoch = Integer.compare(one.getEpoch(), other.getEpoch());
    return byEpoch != 0 ? byEpoch : Long.compare(one.getRevision(), other.getRevision());
  }

  private List<ProducerRecord<byte[], byte[]>> carryOutWhatIsDue() {
    var now = Instant.now();
    var due =
        waiting.entrySet().stream()
            .filter(entry -> !entry.getValue().due.isAfter(now))
            // Only when the partition was read to the end that it had at first: before that, a
            // GRANT may be older than a REVOKE that is still to be read.
            .filter(entry -> isRead(entry.getValue().partition()))
            .limit(COMMANDS_AT_ONCE)
            .toList();
    var results = new ArrayList<ProducerRecord<byte[], byte[]>>();
    for (var entry : due) {
      var pair = entry.getKey();
      var one = waiting.remove(pair);
      var attempts = one.attempts + 1;
      try {
        if (carryOut(one.command)) {
          results.add(result(one, DeliveryOutcome.APPLIED, attempts, null));
        }
        // Else a newer one was carried out, and whoever did that answers it.
      } catch (Failure failure) {
        log("failed: %s: %s".formatted(one.command, failure));
        results.add(result(one, DeliveryOutcome.FAILED, attempts, failure));
        if (failure.errorClass != ErrorClass.PERMANENT) {
          // Behind the others, so that these do not wait for it.
          var again = now.plus(pause(failure.errorClass, attempts));
          waiting.put(pair, new Waiting(one.record, one.command, attempts, again));
        }
      }
    }
    return results;
  }

  /** A fault of the platform's code fails one command, and stops no other. */
  private boolean carryOut(AccessCommand command) throws Failure {
    try {
      return platform.carryOut(command);
    } catch (RuntimeException fault) {
      log("fault: " + fault);
      throw new Failure(ErrorClass.NEEDS_PERSON, fault.getClass().getSimpleName(), "see the log");
    }
  }

  private boolean isRead(TopicPartition partition) {
    return consumer.position(partition) >= ends.get(partition);
  }

  private static Duration pause(ErrorClass errorClass, int attempts) {
    return Duration.ofSeconds(
        errorClass == ErrorClass.RETRYING ? Math.min(60, 1L << Math.min(attempts, 6)) : 60);
  }

  /** Under the key and in the partition of the command. */
  private ProducerRecord<byte[], byte[]> result(
      Waiting one, DeliveryOutcome outcome, int attempts, Failure failure) {
    var command = one.command;
    var value =
        AccessResult.newBuilder()
            .setUserId(command.getUserId())
            .setSourceType(command.getSourceType())
            .setSourceId(command.getSourceId())
            .setAction(command.getAction())
            .setEpoch(command.getEpoch())
            .setRevision(command.getRevision())
            .setOutcome(outcome)
            .setErrorClass(failure == null ? null : failure.errorClass)
            .setCode(failure == null ? null : failure.code)
            .setMessage(failure == null ? null : failure.getMessage())
            .setAttempts(attempts)
            .setAt(Instant.now())
            .setExecutor(name)
            .build();
    return new ProducerRecord<>(
        resultsTopic,
        one.record.partition(),
        one.record.key(),
        registry.write(resultsTopic + "-value", value));
  }

  /** Results and offsets in one transaction: after a crash there are both, or neither. */
  private void write(List<ProducerRecord<byte[], byte[]>> results) {
    var offsets = offsets();
    if (results.isEmpty() && offsets.equals(written)) {
      return;
    }
    producer.beginTransaction();
    results.forEach(producer::send);
    producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
    producer.commitTransaction();
    written = offsets;
  }

  /** Up to the first command of each partition that waits: the next start reads it again. */
  private Map<TopicPartition, OffsetAndMetadata> offsets() {
    var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
    for (var partition : consumer.assignment()) {
      offsets.put(partition, new OffsetAndMetadata(consumer.position(partition)));
    }
    for (var one : waiting.values()) {
      var offset = new OffsetAndMetadata(one.record.offset());
      offsets.merge(one.partition(), offset, (a, b) -> a.offset() < b.offset() ? a : b);
    }
    return offsets;
  }

  private static void log(String text) {
    System.err.println(Instant.now() + " " + text);
  }

  /** Why a command is not carried out. Its message is published: no passwords in it. */
  static final class Failure extends Exception {
    private static final long serialVersionUID = 1L;
    final ErrorClass errorClass;
    final String code;

    Failure(ErrorClass errorClass, String code, String message) {
      super(message);
      this.errorClass = errorClass;
      this.code = code;
    }
  }

  /**
   * <b>The part to replace.</b> A platform for trying out: the source {@code orders} of the type
   * Snowflake is the file FOLDER/Snowflake/orders, which its owner makes. Commands of types without
   * a folder are left to other programs. A line of the file has a user, and the last command that
   * was carried out: epoch, revision, and GRANT or REVOKE.
   */
  static final class Platform {
    private static final int NAME_MAX = 200;
    private final Path folder;

    Platform(Path folder) {
      this.folder = folder;
    }

    /** Whether sources of this type are on this platform. */
    boolean has(String sourceType) {
      try {
        return Files.isDirectory(folder.resolve(name(sourceType)));
      } catch (Failure noName) {
        return false;
      }
    }

    /**
     * Gives or takes the access. May be called again with the same command, after a crash.
     *
     * @return false if a newer command was carried out before; then nothing was changed
     */
    boolean carryOut(AccessCommand command) throws Failure {
      var source = folder.resolve(name(command.getSourceType()));
      source = source.resolve(name(command.getSourceId()));
      if (!Files.exists(source)) {
        if (command.getAction() == AccessAction.REVOKE) {
          return true; // nobody can read what does not exist
        }
        throw new Failure(ErrorClass.NEEDS_PERSON, "NO_SUCH_SOURCE", "the source does not exist");
      }
      // One writer for each source: commands about it are in several partitions, and so may come
      // to several processes at once. A database has row locks or advisory locks for this.
      try (var channel =
          FileChannel.open(
              beside(source, "~lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        channel.lock(); // until the channel is closed
        var users = read(source);
        var last = users.get(command.getUserId());
        if (last != null && last.isAbove(command)) {
          return false;
        }
        users.put(command.getUserId(), Line.of(command));
        // The access and the memory of it change in one step, so that a crash cannot part them.
        write(source, users);
        // Confirmed is only what was seen.
        if (!Line.of(command).equals(read(source).get(command.getUserId()))) {
          throw new Failure(ErrorClass.RETRYING, "NOT_SEEN", "the change cannot be seen");
        }
        return true;
      } catch (AccessDeniedException e) {
        throw new Failure(ErrorClass.NEEDS_PERSON, "DENIED", "no right to change the source");
      } catch (IOException e) {
        throw new Failure(ErrorClass.RETRYING, e.getClass().getSimpleName(), e.getMessage());
      }
    }

    /** A user's line. */
    private record Line(int epoch, long revision, String action) {
      static Line of(AccessCommand command) {
        return new Line(command.getEpoch(), command.getRevision(), command.getAction().toString());
      }

      boolean isAbove(AccessCommand command) {
        return epoch != command.getEpoch()
            ? epoch > command.getEpoch()
            : revision > command.getRevision();
      }
    }

    private static String name(String id) throws Failure {
      var name = URLEncoder.encode(id, StandardCharsets.UTF_8);
      if (name.length() > NAME_MAX || name.equals(".") || name.equals("..")) {
        throw new Failure(ErrorClass.PERMANENT, "NO_NAME", "no file can have this name");
      }
      return name;
    }

    private static Path beside(Path source, String ending) {
      return source.resolveSibling(source.getFileName() + ending);
    }

    private static Map<String, Line> read(Path source) throws IOException {
      var users = new TreeMap<String, Line>();
      for (var line : Files.readAllLines(source)) {
        var parts = line.split("\t");
        users.put(
            parts[0], new Line(Integer.parseInt(parts[1]), Long.parseLong(parts[2]), parts[3]));
      }
      return users;
    }

    private static void write(Path source, Map<String, Line> users) throws IOException {
      var lines = new ArrayList<String>();
      users.forEach(
          (user, line) ->
              lines.add(user + "\t" + line.epoch + "\t" + line.revision + "\t" + line.action));
      var whole = Files.write(beside(source, "~new"), lines);
      Files.move(whole, source, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /** A record that cannot be read as a command. */
  static final class NoCommand extends Exception {
    private static final long serialVersionUID = 1L;

    NoCommand(String message, Exception cause) {
      super(message, cause);
    }
  }

  /**
   * Values in the schema registry's wire format: a zero, the schema's id in four bytes, Avro. With
   * Confluent's KafkaAvroDeserializer and KafkaAvroSerializer this class is not needed.
   */
  static final class Registry {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final HttpClient client = HttpClient.newHttpClient();
    private final String url;
    private final Map<Integer, Schema> schemas = new HashMap<>();
    private final Map<String, Integer> ids = new HashMap<>();

    Registry(String url) {
      this.url = url;
    }

    /** An unknown schema may be the registry's fault: then the process ends, and skips nothing. */
    AccessCommand read(byte[] value) throws NoCommand {
      var buffer = ByteBuffer.wrap(value);
      if (value.length < 5 || buffer.get() != 0) {
        throw new NoCommand("not in the registry's wire format", null);
      }
      var writer = schemas.computeIfAbsent(buffer.getInt(), this::fetch);
      try {
        var decoder = DecoderFactory.get().binaryDecoder(value, 5, value.length - 5, null);
        return new SpecificDatumReader<AccessCommand>(writer, AccessCommand.getClassSchema())
            .read(null, decoder);
      } catch (IOException | RuntimeException e) {
        throw new NoCommand("not written as an AccessCommand", e);
      }
    }

    byte[] write(String subject, AccessResult result) {
      var id = ids.computeIfAbsent(subject, this::register);
      var out = new ByteArrayOutputStream();
      try {
        out.write(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
        var encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        new SpecificDatumWriter<>(AccessResult.class).write(result, encoder);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return out.toByteArray();
    }

    private Schema fetch(int id) {
      var request = HttpRequest.newBuilder(URI.create(url + "/schemas/ids/" + id));
      return new Schema.Parser().parse(field(call(request), "schema"));
    }

    private int register(String subject) {
      var body = JSON.createObjectNode().put("schema", AccessResult.getClassSchema().toString());
      var request =
          HttpRequest.newBuilder(URI.create(url + "/subjects/" + subject + "/versions"))
              .header("Content-Type", "application/vnd.schemaregistry.v1+json")
              .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
      return Integer.parseInt(field(call(request), "id"));
    }

    private HttpResponse<String> call(HttpRequest.Builder request) {
      try {
        return client.send(
            request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString());
      } catch (IOException e) {
        throw new UncheckedIOException("the registry does not answer", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }

    private static String field(HttpResponse<String> answer, String name) {
      try {
        var value = JSON.readTree(answer.body()).get(name);
        if (answer.statusCode() == 200 && value != null) {
          return value.asText();
        }
      } catch (IOException noJson) {
        // told below
      }
      throw new IllegalStateException(
          "the registry answers " + answer.statusCode() + ": " + answer.body());
    }
  }
}
