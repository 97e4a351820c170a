package dev.sluice.sim;

import dev.sluice.testing.StageDriver;
import java.lang.reflect.Field;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.WrappedStateStore;
import org.apache.kafka.streams.test.TestRecord;

/**
 * One task of the worker: a driver with one partition of input. Its work since the last commit can
 * be taken back. It then starts anew from its changelog, like a worker that takes it over.
 */
abstract class Task implements AutoCloseable {
  private static final String APPLICATION = "sim";
  private static final String CHANGELOG = "-changelog";

  /** A record in the changelog of a store; null removes. */
  record Change(String store, Bytes key, byte[] value) {}

  private final String input;
  private final Map<String, Map<Bytes, byte[]>> committed = new HashMap<>();
  private final List<Change> changes = new ArrayList<>();
  private TopologyTestDriver driver;
  private Instant now;
  private long offset;
  private long committedOffset;
  private int changesSeen;

  /** Reads a topic of that name. */
  Task(String input) {
    this.input = input;
  }

  abstract Topology topology();

  /** The driver of its topology is there, and has done nothing. */
  void attach(TopologyTestDriver driver) {}

  /** Starts it with what was committed. */
  void start(Instant clock) {
    driver = StageDriver.start(APPLICATION, topology(), clock);
    attach(driver);
    now = clock;
    offset = committedOffset;
    changes.clear();
    changesSeen = 0;
    committed.forEach(
        (name, entries) -> {
          var store = store(driver.getAllStateStores().get(name));
          entries.forEach(store::put);
        });
  }

  /** The store below those that keep metrics and a changelog. */
  @SuppressWarnings("unchecked")
  private static KeyValueStore<Bytes, byte[]> store(StateStore store) {
    var inner = store;
    while (inner instanceof WrappedStateStore<?, ?, ?> wrapper) {
      inner = wrapper.wrapped();
    }
    return (KeyValueStore<Bytes, byte[]>) inner;
  }

  /** Commits the work since the last commit. */
  void commit() {
    for (var change : changes) {
      var entries = committed.computeIfAbsent(change.store, name -> new TreeMap<>());
      if (change.value == null) {
        entries.remove(change.key);
      } else {
        entries.put(change.key, change.value);
      }
    }
    changes.clear();
    changesSeen = 0;
    committedOffset = offset;
  }

  /** Drops the work since the last commit. */
  void stop() {
    if (driver != null) {
      driver.close();
      driver = null;
    }
  }

  /** Where it reads next. */
  long offset() {
    return offset;
  }

  <K, V> void read(TestRecord<K, V> record, long at, Serializer<K> key, Serializer<V> value) {
    var topic = driver.createInputTopic(input, key, value);
    offsetOfNext().set(at);
    offset = at + 1;
    topic.pipeInput(record);
    takeChanges();
  }

  /** A driver counts from zero; what stands in state counts on from before. */
  @SuppressWarnings("unchecked")
  private AtomicLong offsetOfNext() {
    try {
      var partitions = (Map<String, TopicPartition>) PARTITIONS.get(driver);
      var offsets = (Map<TopicPartition, AtomicLong>) OFFSETS.get(driver);
      return offsets.get(partitions.get(input));
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  private static final Field PARTITIONS = field("partitionsByInputTopic");
  private static final Field OFFSETS = field("offsetsByTopicOrPatternPartition");

  private static Field field(String name) {
    try {
      var field = TopologyTestDriver.class.getDeclaredField(name);
      field.setAccessible(true);
      return field;
    } catch (NoSuchFieldException e) {
      throw new AssertionError(e);
    }
  }

  /** Turns its clock, and punctuates. */
  void turnTo(Instant clock) {
    driver.advanceWallClockTime(Duration.between(now, clock));
    now = clock;
    takeChanges();
  }

  /** Returns the time of its clock. */
  Instant now() {
    return now;
  }

  <K, V> List<TestRecord<K, V>> output(String topic, Deserializer<K> key, Deserializer<V> value) {
    return driver.createOutputTopic(topic, key, value).readRecordsToList();
  }

  /** Takes what was written without a record or a punctuation. */
  void takeWritten() {
    driver.advanceWallClockTime(Duration.ZERO);
    takeChanges();
  }

  private void takeChanges() {
    for (var topic : driver.producedTopicNames()) {
      if (topic.endsWith(CHANGELOG)) {
        var store = topic.substring(APPLICATION.length() + 1, topic.length() - CHANGELOG.length());
        for (var record : output(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
          changes.add(new Change(store, Bytes.wrap(record.key()), record.value()));
        }
      }
    }
  }

  /** Returns the changelog records since the last call. */
  List<Change> newChanges() {
    var taken = List.copyOf(changes.subList(changesSeen, changes.size()));
    changesSeen = changes.size();
    return taken;
  }

  /** The keys in a store. */
  List<String> keys(String name) {
    var keys = new ArrayList<String>();
    try (var all = driver.<String, Object>getKeyValueStore(name).all()) {
      all.forEachRemaining(entry -> keys.add(entry.key));
    }
    keys.removeIf(key -> key.startsWith("~")); // of the task, not of what is due
    return keys;
  }

  /** The keys in a store whose values are of that kind. */
  <V> List<String> keys(String name, Predicate<V> kind) {
    var keys = new ArrayList<String>();
    try (var all = driver.<String, V>getKeyValueStore(name).all()) {
      all.forEachRemaining(
          entry -> {
            if (kind.test(entry.value)) {
              keys.add(entry.key);
            }
          });
    }
    return keys;
  }

  /** Checks that a task that is restored now would have what this one has, after a commit. */
  void checkChangelog() {
    for (var name : StoredState.names(driver)) {
      var stored = new TreeMap<Bytes, String>();
      try (var all = store(driver.getAllStateStores().get(name)).all()) {
        all.forEachRemaining(entry -> stored.put(entry.key, Bytes.wrap(entry.value).toString()));
      }
      var logged = new TreeMap<Bytes, String>();
      committed
          .getOrDefault(name, Map.of())
          .forEach((key, value) -> logged.put(key, Bytes.wrap(value).toString()));
      Violation.unlessEqual(logged, stored, "I8 exactly once", "changelog of %s", name);
    }
  }

  @Override
  public void close() {
    stop();
  }
}
