package dev.sluice.sim;

import dev.sluice.avro.ProductStatus;
import dev.sluice.avro.RequestStatus;
import dev.sluice.event.codec.EventReader;
import dev.sluice.keys.EventPartitioner;
import dev.sluice.product.DecisionRules;
import dev.sluice.product.ExpirySchedule;
import dev.sluice.product.stage.ProductStage;
import dev.sluice.streams.CommitHook;
import dev.sluice.streams.IdleCommits;
import dev.sluice.streams.SetAsideRecords;
import dev.sluice.streams.SweepScheduling;
import dev.sluice.topology.PartitionerPlacement;
import dev.sluice.update.AccessUpdate;
import dev.sluice.update.wire.AccessUpdateSerde;
import dev.sluice.update.wire.UserPartitions;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/** A task of the product stage. */
final class ProductTask extends Task {

  /** What one event, or passing time, led to. */
  record Outcome(
      String outcome,
      List<TestRecord<String, AccessUpdate>> updates,
      List<ProductStatus> products,
      List<RequestStatus> requests,
      List<TestRecord<byte[], byte[]>> rejected) {}

  private static final String EVENTS = "events";
  private static final String UPDATES = "updates";
  private static final String PRODUCTS = "products";
  private static final String REQUESTS = "requests";
  private static final String REJECTED = "rejected";
  private static final AccessUpdateSerde SERDE = new AccessUpdateSerde();

  private final Shape shape;
  private final UserPartitions partitions;
  private final PartitionerPlacement places;
  private final int partition;
  private String outcome = "";
  private CommitHook commitHook;

  /**
   * The task of one partition; a driver takes every task for that of the first.
   *
   * @param partition of product-events, from 0
   */
  ProductTask(Shape shape, int partition) {
    super(EVENTS);
    this.partition = partition;
    places = new PartitionerPlacement(EventPartitioner.MURMUR2, shape::productPartitions);
    this.shape = shape;
    partitions = new UserPartitions(shape.userPartitions());
  }

  @Override
  Topology topology() {
    var stage =
        new ProductStage(
            () -> new EventReader(Contract.deserializer(), EVENTS),
            partitions,
            DecisionRules.DEFAULT.at((id, driven) -> places.check(id, partition)),
            ExpirySchedule.DEFAULT,
            (type, result) -> outcome = result,
            (tries, trouble) -> false,
            SweepScheduling.byMember().scheduler(),
            new ProductStage.Outputs(UPDATES, PRODUCTS, REQUESTS, REJECTED),
            shape.stores(),
            SetAsideRecords.NONE,
            IdleCommits.NONE);
    var bytes = new ByteArraySerializer();
    var text = new StringSerializer();
    return new Topology()
        .addSource("source", new ByteArrayDeserializer(), new ByteArrayDeserializer(), EVENTS)
        .addProcessor("stage", stage, "source")
        .addSink(UPDATES, UPDATES, text, SERDE.serializer(), "stage")
        .addSink(PRODUCTS, PRODUCTS, text, Contract.serializer(), "stage")
        .addSink(REQUESTS, REQUESTS, text, Contract.serializer(), "stage")
        .addSink(REJECTED, REJECTED, bytes, bytes, "stage");
  }

  /** A driver commits after each record; here a commit is a step of its own. */
  @Override
  void attach(TopologyTestDriver driver) {
    commitHook = (CommitHook) driver.getAllStateStores().get("product-stage-commit");
    commitHook.hold(true);
  }

  /** Writes what is written once for a commit, and returns the statuses among it. */
  List<ProductStatus> beforeCommit() {
    commitHook.hold(false);
    commitHook.flushCache();
    commitHook.hold(true);
    takeWritten();
    return outcome().products();
  }

  Outcome decide(TestRecord<byte[], byte[]> event, long offset) {
    outcome = "";
    read(event, offset, new ByteArraySerializer(), new ByteArraySerializer());
    return outcome();
  }

  Outcome due(Instant clock) {
    turnTo(clock);
    outcome = "";
    return outcome();
  }

  private Outcome outcome() {
    var text = new StringDeserializer();
    var bytes = new ByteArrayDeserializer();
    return new Outcome(
        outcome,
        output(UPDATES, text, SERDE.deserializer()),
        values(output(PRODUCTS, text, Contract.PRODUCTS.deserializer())),
        values(output(REQUESTS, text, Contract.REQUESTS.deserializer())),
        output(REJECTED, bytes, bytes));
  }

  private static <V> List<V> values(List<TestRecord<String, V>> records) {
    return records.stream().map(TestRecord::value).toList();
  }

  /** Where an update goes. */
  Iterable<Integer> partitionsOf(TestRecord<String, AccessUpdate> update) {
    return partitions
        .partitions(UPDATES, update.key(), update.value(), partitions.count())
        .orElseThrow();
  }
}
