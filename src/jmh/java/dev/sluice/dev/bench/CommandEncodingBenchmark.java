package dev.sluice.dev.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.avro.AccessAction;
import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.CommandReason;
import dev.sluice.registry.ConfluentAvroSerializer;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Cost of one command on its way out: making it, its value's bytes, its key's bytes. */
@NullUnmarked // what a benchmark returns goes nowhere
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CommandEncodingBenchmark {
  private static final String TOPIC = "access-commands";
  private static final byte[] USER = Names.user(1).getBytes(UTF_8);
  private static final byte[] SOURCE = ("Snowflake|" + Names.source(1)).getBytes(UTF_8);
  private static final Instant OCCURRED_AT = Instant.parse("2026-01-05T12:00:00Z");

  private final ConfluentAvroSerializer values = new ConfluentAvroSerializer();
  private final StringSerializer keys = new StringSerializer();
  private final AccessCommand command = command(0);
  private long number;

  @Setup
  public void configure() {
    values.configure(Map.of("schema.registry.url", "mock://jmh"), false);
  }

  private static AccessCommand command(long revision) {
    return new AccessCommand(
        AccessAction.GRANT,
        Names.user(1),
        Names.source(1),
        "Snowflake",
        "product",
        CommandReason.PRODUCT_RESUMED,
        "event-1",
        revision,
        OCCURRED_AT,
        0);
  }

  /** Making the record, and its bytes. */
  @Benchmark
  public byte[] makeAndEncode() {
    return values.serialize(TOPIC, command(++number));
  }

  /** The bytes alone. */
  @Benchmark
  public byte[] encode() {
    return values.serialize(TOPIC, command);
  }

  /** The key, as the access stage and its sink make it. */
  @Benchmark
  public byte[] key() {
    return keys.serialize(
        TOPIC, command.getUserId() + '|' + command.getSourceType() + '|' + command.getSourceId());
  }

  /** The key from a user's bytes that are there already: what could be saved. */
  @Benchmark
  public byte[] keyOfBytes() {
    var key = new byte[USER.length + 1 + SOURCE.length];
    System.arraycopy(USER, 0, key, 0, USER.length);
    key[USER.length] = '|';
    System.arraycopy(SOURCE, 0, key, USER.length + 1, SOURCE.length);
    return key;
  }
}
