package dev.sluice.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.access.AccessUpdate.Cause;
import dev.sluice.access.AccessUpdate.ProductCopy;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** What settling a member costs, for each of the fifty commands that they are owed. */
@NullUnmarked // what a benchmark returns goes nowhere
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SettlingBenchmark {
  private static final int SOURCES = 50;
  private static final byte[] HEADER = {0, 0, 0, 0, 1};

  private Settlement alone;
  private Settlement overlapping;
  private List<CommandForm> forms;
  private long revision;

  @Setup
  public void prepare() {
    var suspended = Move.over("product", List.of(at(1, true), at(2, false)).iterator());
    alone = Settlement.of(List.of(suspended), source -> List.of());
    overlapping = Settlement.of(List.of(suspended), source -> List.of("other"));
    var changes = new java.util.ArrayList<CommandForm>();
    alone.settle(null, change -> changes.add(new CommandForm(change, 0)));
    forms = changes;
  }

  private static Revision at(long number, boolean active) {
    SortedMap<String, String> sources = new TreeMap<>();
    for (int i = 0; i < SOURCES; i++) {
      sources.put("warehouse.sales.customer_orders_%05d".formatted(i), "Snowflake");
    }
    return new Revision(
        new ProductCopy(number, active, sources), false, new Cause("event-1", 0), number);
  }

  /** A member whose sources no other product gives. */
  @Benchmark
  @OperationsPerInvocation(SOURCES)
  public void aloneMember(Blackhole sink) {
    alone.settle(other -> false, sink::consume);
  }

  /** A member of a product that gives them too, so that nothing is owed. */
  @Benchmark
  @OperationsPerInvocation(SOURCES)
  public void overlappingMember(Blackhole sink) {
    overlapping.settle(other -> true, sink::consume);
  }

  /** The bytes of a member's commands, key and value. */
  @Benchmark
  @OperationsPerInvocation(SOURCES)
  public void commandBytes(Blackhole sink) {
    var user = "user-000000001@example.org".getBytes(UTF_8);
    for (var form : forms) {
      sink.consume(form.key(user));
      sink.consume(form.value(HEADER, user, ++revision));
    }
  }
}
