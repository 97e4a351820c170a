package dev.sluice.sim;

import dev.sluice.access.AccessObserver;
import dev.sluice.access.command.SimulatedCommandProducer;
import dev.sluice.access.stage.AccessStage;
import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.internal.StoredUserAccess;
import dev.sluice.product.stage.Rejection;
import dev.sluice.streams.IdleCommits;
import dev.sluice.streams.SetAsideRecords;
import dev.sluice.streams.SweepScheduling;
import dev.sluice.update.AccessUpdate;
import dev.sluice.update.wire.AccessUpdateSerde;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/** A task of the access stage. Its sweeps do as much as the history says. */
final class AccessTask extends Task {

  /** How much the clock must go on for a look and a tick after it. */
  private static final Duration LOOK = Duration.ofMillis(100);

  private static final Duration TICK = Duration.ofMillis(10);

  private static final String UPDATES = "updates";
  private static final String COMMANDS = "commands";
  private static final AccessUpdateSerde SERDE = new AccessUpdateSerde();

  private final Shape shape;
  private final Turns turns = new Turns();
  private final SimulatedCommandProducer producer;

  AccessTask(Shape shape, int partition) {
    super(UPDATES);
    this.shape = shape;
    producer =
        new SimulatedCommandProducer(COMMANDS, Contract.serializer(), shape.commands(), partition);
  }

  @Override
  void attach(TopologyTestDriver driver) {
    DriverProducer.replace(driver, producer::over);
  }

  /** Whether a command was refused since the last commit, so that there can be no other. */
  boolean hasFailed() {
    return producer.hasFailed();
  }

  @Override
  void commit() {
    producer.commit();
    super.commit();
  }

  @Override
  void stop() {
    producer.abort();
    super.stop();
  }

  @Override
  Topology topology() {
    var sweepScheduling =
        new SweepScheduling(() -> turns.atOnce(shape.atOnce()), turns, shape.few());
    return new Topology()
        .addSource("source", new StringDeserializer(), new ByteArrayDeserializer(), UPDATES)
        .addProcessor(
            "stage",
            new AccessStage(
                new AccessStage.Outputs(COMMANDS, "none"),
                SetAsideRecords.NONE,
                Rejection::setAside,
                producer.directSend(),
                0,
                AccessObserver.NONE,
                sweepScheduling,
                shape.stores(),
                IdleCommits.NONE),
            "source")
        .addSink(COMMANDS, COMMANDS, new ByteArraySerializer(), Contract.serializer(), "stage");
  }

  List<TestRecord<String, AccessCommand>> deliver(
      TestRecord<String, AccessUpdate> update, long offset) {
    turns.members = 0;
    turns.next = 0;
    read(update, offset, new StringSerializer(), SERDE.serializer());
    return commands();
  }

  /** One slice, which may be none where there is nothing to sweep. */
  List<TestRecord<String, AccessCommand>> slice(int work, Instant clock) {
    turns.members = 0;
    turns.next = work;
    turnTo(clock);
    // After a start it only looks at first.
    turnTo(clock.plus(TICK));
    return commands();
  }

  /** Whether the last slice was taken. */
  boolean served() {
    return turns.next == 0;
  }

  /** How long a slice takes. */
  static Duration sliceTakes() {
    return LOOK.plus(TICK);
  }

  /** How many members were settled by a sweep in the last step. */
  int members() {
    return turns.members;
  }

  /** The products that are being swept. */
  List<String> swept() {
    return keys("sweeps");
  }

  /** The users whose sources are being taken or given back. */
  List<String> turned() {
    return keys(
        "deactivated-users", (StoredUserAccess stored) -> stored.getActive() || !stored.getAll());
  }

  private List<TestRecord<String, AccessCommand>> commands() {
    return output(COMMANDS, new StringDeserializer(), Contract.COMMANDS.deserializer());
  }

  /** Gives the slices. */
  private static final class Turns implements SweepScheduling.Scheduler {
    private int next;
    private int members;

    @Override
    public void input() {}

    @Override
    public SweepScheduling.WorkBudget begin(Object task) {
      if (next == 0) {
        return null;
      }
      var budget = atOnce(next);
      next = 0;
      return budget;
    }

    SweepScheduling.WorkBudget atOnce(int max) {
      var left = new int[] {max};
      return work -> {
        members++;
        Violation.unless(left[0] > 0, "I10 bounded", "a slice goes on after its end");
        left[0] -= work;
        return left[0] <= 0;
      };
    }
  }
}
