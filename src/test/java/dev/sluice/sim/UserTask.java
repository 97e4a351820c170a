package dev.sluice.sim;

import dev.sluice.event.codec.UserEventReader;
import dev.sluice.keys.EventPartitioner;
import dev.sluice.product.DecisionRules;
import dev.sluice.streams.IdleCommits;
import dev.sluice.streams.SetAsideRecords;
import dev.sluice.streams.SweepScheduling;
import dev.sluice.topology.PartitionerPlacement;
import dev.sluice.update.AccessUpdate;
import dev.sluice.update.wire.AccessUpdateSerde;
import dev.sluice.user.stage.UserStage;
import java.util.List;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.test.TestRecord;

/** A task of the user stage. */
final class UserTask extends Task {

  /** The outcome of one event. */
  record Outcome(
      String outcome,
      List<TestRecord<String, AccessUpdate>> updates,
      List<TestRecord<byte[], byte[]>> rejected) {}

  private static final String EVENTS = "user-events";
  private static final String UPDATES = "updates";
  private static final String REJECTED = "rejected";
  private static final AccessUpdateSerde SERDE = new AccessUpdateSerde();

  private final Shape shape;
  private final PartitionerPlacement places;
  private final int partition;
  private String outcome = "";

  /**
   * The task of one partition; a driver takes every task for that of the first.
   *
   * @param partition of user-events, from 0
   */
  UserTask(Shape shape, int partition) {
    super(EVENTS);
    this.shape = shape;
    this.partition = partition;
    places = new PartitionerPlacement(EventPartitioner.MURMUR2, shape::userEventPartitions);
  }

  @Override
  Topology topology() {
    var stage =
        new UserStage(
            () -> new UserEventReader(Contract.deserializer(), EVENTS),
            DecisionRules.DEFAULT.at((id, driven) -> places.check(id, partition)),
            (type, result) -> outcome = result,
            (tries, trouble) -> false,
            SweepScheduling.byMember().scheduler(),
            new UserStage.Outputs(UPDATES, REJECTED),
            shape.stores(),
            SetAsideRecords.NONE,
            IdleCommits.NONE);
    var bytes = new ByteArraySerializer();
    return new Topology()
        .addSource("source", new ByteArrayDeserializer(), new ByteArrayDeserializer(), EVENTS)
        .addProcessor("stage", stage, "source")
        .addSink(UPDATES, UPDATES, new StringSerializer(), SERDE.serializer(), "stage")
        .addSink(REJECTED, REJECTED, bytes, bytes, "stage");
  }

  Outcome decide(TestRecord<byte[], byte[]> event, long offset) {
    outcome = "";
    read(event, offset, new ByteArraySerializer(), new ByteArraySerializer());
    var bytes = new ByteArrayDeserializer();
    return new Outcome(
        outcome,
        output(UPDATES, new StringDeserializer(), SERDE.deserializer()),
        output(REJECTED, bytes, bytes));
  }
}
