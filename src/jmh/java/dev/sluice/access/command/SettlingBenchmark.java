package dev.sluice.access.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.access.AccessDiff;
import dev.sluice.access.ProductDelta;
import dev.sluice.access.Revision;
import dev.sluice.update.AccessUpdate.ProductSnapshot;
import dev.sluice.update.AccessUpdate.Trigger;
import dev.sluice.update.SourceRef;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
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

/** Cost of settling a member, for each of the fifty commands that they are owed. */
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

  private AccessDiff alone;
  private AccessDiff overlapping;
  private List<CommandTemplate> forms;
  private long revision;

  @Setup
  public void prepare() {
    var suspended = ProductDelta.over("product", List.of(at(1, true), at(2, false)).iterator());
    alone = AccessDiff.of(List.of(suspended), source -> List.of());
    overlapping = AccessDiff.of(List.of(suspended), source -> List.of("other"));
    var changes = new java.util.ArrayList<CommandTemplate>();
    alone.settle(null, change -> changes.add(new CommandTemplate(change, 0)));
    forms = changes;
  }

  private static Revision at(long number, boolean active) {
    SortedSet<SourceRef> sources = new TreeSet<>();
    for (int i = 0; i < SOURCES; i++) {
      sources.add(new SourceRef("warehouse.sales.customer_orders_%05d".formatted(i), "Snowflake"));
    }
    return new Revision(
        new ProductSnapshot(number, active, sources), false, new Trigger("event-1", 0), number);
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
