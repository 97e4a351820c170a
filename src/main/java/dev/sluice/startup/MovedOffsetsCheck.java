package dev.sluice.startup;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.keys.StoreKeys;
import dev.sluice.offsets.CommittedRecords;
import dev.sluice.offsets.GroupOffsetsClient;
import dev.sluice.offsets.TopicTail;
import dev.sluice.operator.OperatorException;
import dev.sluice.operator.RecoveryAdvice;
import dev.sluice.update.UpdatesTopic;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * Refuses a start if an operator moved the group's offsets. Moved forward, the group would skip
 * records. Moved back, it would apply records twice. Each task stores the offset of its last record
 * in the transaction that commits the group's offset. Between the two there may be transaction
 * markers and aborted records, but no other record. State of an older version without this offset
 * is not checked.
 *
 * <p>An offset behind the position also results from a lost end of the input (a broker without the
 * last records) after which the offset was set to the new end. Then other records are at the
 * processed offsets, and must be read. Therefore an offset counts as moved back only if the last
 * processed record is still there, with the timestamp stored in the position.
 */
final class MovedOffsetsCheck {
  /** Maximum number of reads: a changelog may show a commit slightly later than the offsets do. */
  private static final int READS_MAX = 10;

  private static final long PAUSE_MS = 300;
  private static final Read NOTHING = new Read(-1, -1);

  private final GroupOffsetsClient offsets;
  private final SluiceConfig config;
  private final LostOffsetsCheck state;

  /** Location of a position: the suffix of the changelog's name, and the key. */
  private record Kept(String store, String key) {}

  /** The last processed record; its offset is -1 if there is none. */
  private record Read(long offset, long timestampMs) {}

  MovedOffsetsCheck(GroupOffsetsClient offsets, SluiceConfig config) {
    this.offsets = offsets;
    this.config = config;
    this.state = new LostOffsetsCheck(offsets, config);
  }

  private Map<String, Kept> kept() {
    return Map.of(
        new Topics(config.topicPrefix()).productEvents(),
        new Kept("due", StoreKeys.EVENT_READ),
        UpdatesTopic.of(config.applicationId()),
        new Kept("command-revision", StoreKeys.UPDATE_READ));
  }

  /**
   * Fails if records were skipped.
   *
   * @throws OperatorException with the remedy
   */
  void require(InternalTopics internalTopics) {
    // Positions first, so that commits in between increase the positions and not the offsets.
    var committed = offsets.committed();
    var there = offsets.topics();
    try (var records = new CommittedRecords(config)) {
      kept()
          .forEach(
              (input, kept) -> {
                var changelog = changelog(kept);
                if (there.contains(changelog) && there.contains(input)) {
                  require(
                      records, input, kept, changelogs(internalTopics, input, there), committed);
                }
              });
    }
  }

  private String changelog(Kept kept) {
    return config.applicationId() + "-" + kept.store() + "-changelog";
  }

  private void require(
      CommittedRecords records,
      String input,
      Kept kept,
      List<String> changelogs,
      Map<TopicPartition, Long> committed) {
    var next = new HashMap<TopicPartition, Long>();
    committed.forEach(
        (partition, offset) -> {
          if (partition.topic().equals(input)) {
            next.put(partition, offset);
          }
        });
    var behind = new HashMap<TopicPartition, Read>();
    for (int reads = 1; !next.isEmpty(); reads++) {
      var positions = positions(kept, changelogs, next.keySet());
      positions.forEach(
          (partition, read) -> {
            if (read.offset() >= committed.getOrDefault(partition, Long.MAX_VALUE)) {
              behind.put(partition, read);
            }
          });
      next.entrySet()
          .removeIf(
              entry -> {
                var read = positions.get(entry.getKey());
                return read == null
                    || read.offset() >= entry.getValue() - 1
                    || records.first(entry.getKey(), read.offset() + 1, entry.getValue()).isEmpty();
              });
      if (reads == READS_MAX && !next.isEmpty()) {
        var entry = next.entrySet().iterator().next();
        throw new OperatorException(
            forward(
                records,
                entry.getKey(),
                positions.getOrDefault(entry.getKey(), NOTHING).offset(),
                entry.getValue()));
      }
      if (!next.isEmpty()) {
        pause();
      }
    }
    requireNoneBehind(records, behind);
  }

  /** Reads the offsets again: a running worker has moved on since the first read. */
  private void requireNoneBehind(CommittedRecords records, Map<TopicPartition, Read> suspects) {
    if (suspects.isEmpty()) {
      return;
    }
    var committed = state.committed(suspects.keySet());
    suspects.forEach(
        (partition, read) -> {
          var offset = committed.get(partition);
          if (offset != null
              && offset <= read.offset()
              && records
                  .first(partition, read.offset(), read.offset() + 1)
                  .filter(record -> record.timestamp() == read.timestampMs())
                  .isPresent()) {
            throw new OperatorException(back(records, partition, read.offset(), offset));
          }
        });
  }

  /**
   * Returns the offsets at which the group continues without skipping or repeating a record, for
   * partitions whose state has a position; 0 if there is no state.
   */
  Map<TopicPartition, Long> next(InternalTopics internalTopics, Collection<TopicPartition> inputs) {
    var there = offsets.topics();
    var next = new HashMap<TopicPartition, Long>();
    try (var records = new CommittedRecords(config)) {
      kept()
          .forEach(
              (input, kept) -> {
                var of = inputs.stream().filter(p -> p.topic().equals(input)).toList();
                if (!of.isEmpty() && there.contains(changelog(kept))) {
                  positions(kept, changelogs(internalTopics, input, there), of)
                      .forEach(
                          (partition, read) ->
                              next.put(
                                  partition,
                                  read.equals(NOTHING)
                                      ? 0
                                      : after(records, partition, read.offset())));
                }
              });
    }
    return next;
  }

  private static List<String> changelogs(
      InternalTopics internalTopics, String input, Set<String> there) {
    return internalTopics.changelogs().entrySet().stream()
        .filter(entry -> entry.getValue().equals(input))
        .map(Map.Entry::getKey)
        .filter(there::contains)
        .toList();
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OperatorException("interrupted while reading the offsets", e);
    }
  }

  /**
   * Returns the last processed record of each partition for which it is known; {@link #NOTHING} if
   * there is no state at all.
   */
  private Map<TopicPartition, Read> positions(
      Kept kept, List<String> all, Collection<TopicPartition> of) {
    var changelogs = new HashMap<TopicPartition, TopicPartition>();
    of.forEach(p -> changelogs.put(new TopicPartition(changelog(kept), p.partition()), p));
    var found = new HashMap<TopicPartition, Read>();
    TopicTail.of(config, List.copyOf(changelogs.keySet()))
        .forEach(
            (changelog, records) -> {
              var read = last(records, kept.key());
              var input = changelogs.get(changelog);
              if (input != null && read.isPresent()) {
                found.put(input, read.get());
              }
            });
    var unknown = of.stream().filter(p -> !found.containsKey(p)).toList();
    var filled =
        TopicTail.filled(
                config,
                all.stream().flatMap(name -> unknown.stream().map(p -> at(name, p))).toList())
            .stream()
            .map(TopicPartition::partition)
            .collect(Collectors.toSet());
    for (var partition : unknown) {
      if (!filled.contains(partition.partition())) {
        found.put(partition, NOTHING);
      }
    }
    return found;
  }

  private static TopicPartition at(String changelog, TopicPartition input) {
    return new TopicPartition(changelog, input.partition());
  }

  /** Both stages store eight bytes, big-endian. */
  private static Optional<Read> last(List<ConsumerRecord<byte[], byte[]>> records, String key) {
    var last = Optional.<Read>empty();
    for (var record : records) {
      if (record.key() != null
          && record.value() != null
          && record.value().length == Long.BYTES
          && new String(record.key(), UTF_8).equals(key)) {
        last = Optional.of(new Read(ByteBuffer.wrap(record.value()).getLong(), record.timestamp()));
      }
    }
    return last;
  }

  /**
   * Returns the offset after a record: the next record, or the end, after transaction markers,
   * which would look like unprocessed records.
   */
  private long after(CommittedRecords records, TopicPartition partition, long read) {
    var end =
        offsets.end(List.of(partition), IsolationLevel.READ_COMMITTED).getOrDefault(partition, 0L);
    return records
        .first(partition, read + 1, end)
        .map(ConsumerRecord::offset)
        .orElse(Math.max(read + 1, end));
  }

  /** Returns the command that sets the group's offset in a partition. */
  String goOnAt(TopicPartition partition, long offset) {
    return RecoveryAdvice.resetOffsets(
        config, partition.topic() + ":" + partition.partition(), "offset " + offset);
  }

  private String back(
      CommittedRecords records, TopicPartition partition, long read, long committed) {
    return """
    the offset of group %s for %s is %d, but its state has read up to offset %d: the offset was moved back by \
    hand. If the worker started, it would apply events again that its state contains, and an event without \
    sequence may undo later ones. Therefore it does not start. Continue where the state ends:
      %s
    To have every event decided again on purpose, %s.\
    """
        .formatted(
            config.applicationId(),
            partition,
            committed,
            read,
            goOnAt(partition, after(records, partition, read)),
            RecoveryAdvice.BEGIN_ANEW);
  }

  private String forward(
      CommittedRecords records, TopicPartition partition, long read, long committed) {
    return """
    the offset of group %s for %s is %d, but its state has read %s: the offset was moved forward by \
    hand, past unprocessed records. If the worker started, it would never apply them, even if they revoke \
    access. Therefore it does not start. Continue where the state ends:
      %s
    To skip records on purpose, name them in records.set.aside, each by its offset.\
    """
        .formatted(
            config.applicationId(),
            partition,
            committed,
            read < 0 ? "nothing of it" : "up to offset " + read + " only",
            goOnAt(partition, after(records, partition, read)));
  }
}
