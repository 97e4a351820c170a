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
 * <p>A group's offset behind the processed one also results from a lost end of the input (a broker
 * without the last records) after which the offset was set to the new end. Then other records are
 * at the processed offsets, and must be read. Therefore an offset counts as moved back only if the
 * last processed record is still there, with the stored timestamp.
 */
final class MovedOffsetsCheck {
  /** Maximum number of reads: a changelog may show a commit slightly later than the offsets do. */
  private static final int READS_MAX = 10;

  private static final long PAUSE_MS = 300;
  private static final LastProcessed NOTHING = new LastProcessed(-1, -1);

  private final GroupOffsetsClient offsets;
  private final SluiceConfig config;
  private final LostOffsetsCheck state;

  /** Location of a processed offset: the suffix of the changelog's name, and the key. */
  private record OffsetLocation(String store, String key) {}

  /** The last processed record; its offset is -1 if there is none. */
  private record LastProcessed(long offset, long timestampMs) {}

  MovedOffsetsCheck(GroupOffsetsClient offsets, SluiceConfig config) {
    this.offsets = offsets;
    this.config = config;
    this.state = new LostOffsetsCheck(offsets, config);
  }

  private Map<String, OffsetLocation> offsetLocations() {
    return Map.of(
        new Topics(config.topicPrefix()).productEvents(),
        new OffsetLocation("due", StoreKeys.EVENT_READ),
        new Topics(config.topicPrefix()).userEvents(),
        new OffsetLocation("user-events-read", StoreKeys.USER_EVENT_READ),
        UpdatesTopic.of(config.applicationId()),
        new OffsetLocation("command-revision", StoreKeys.UPDATE_READ));
  }

  /**
   * Fails if records were skipped.
   *
   * @throws OperatorException with the remedy
   */
  void require(InternalTopics internalTopics) {
    // Group offsets first: commits in between then increase the processed offsets alone.
    var committed = offsets.committed();
    var existing = offsets.topics();
    try (var records = new CommittedRecords(config)) {
      offsetLocations()
          .forEach(
              (input, location) -> {
                var changelog = changelog(location);
                if (existing.contains(changelog) && existing.contains(input)) {
                  require(
                      records,
                      input,
                      location,
                      changelogs(internalTopics, input, existing),
                      committed);
                }
              });
    }
  }

  private String changelog(OffsetLocation location) {
    return config.applicationId() + "-" + location.store() + "-changelog";
  }

  private void require(
      CommittedRecords records,
      String input,
      OffsetLocation location,
      List<String> changelogs,
      Map<TopicPartition, Long> committed) {
    var next = new HashMap<TopicPartition, Long>();
    committed.forEach(
        (partition, offset) -> {
          if (partition.topic().equals(input)) {
            next.put(partition, offset);
          }
        });
    var behind = new HashMap<TopicPartition, LastProcessed>();
    for (int reads = 1; !next.isEmpty(); reads++) {
      var processed = lastProcessed(location, changelogs, next.keySet());
      processed.forEach(
          (partition, read) -> {
            if (read.offset() >= committed.getOrDefault(partition, Long.MAX_VALUE)) {
              behind.put(partition, read);
            }
          });
      next.entrySet()
          .removeIf(
              entry -> {
                var read = processed.get(entry.getKey());
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
                processed.getOrDefault(entry.getKey(), NOTHING).offset(),
                entry.getValue()));
      }
      if (!next.isEmpty()) {
        pause();
      }
    }
    requireNoneBehind(records, behind);
  }

  /** Reads the offsets again: a running worker has moved on since the first read. */
  private void requireNoneBehind(
      CommittedRecords records, Map<TopicPartition, LastProcessed> suspects) {
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
   * partitions whose state has a processed offset; 0 if there is no state.
   */
  Map<TopicPartition, Long> resumeOffsets(
      InternalTopics internalTopics, Collection<TopicPartition> inputs) {
    var existing = offsets.topics();
    var next = new HashMap<TopicPartition, Long>();
    try (var records = new CommittedRecords(config)) {
      offsetLocations()
          .forEach(
              (input, location) -> {
                var partitions = inputs.stream().filter(p -> p.topic().equals(input)).toList();
                if (!partitions.isEmpty() && existing.contains(changelog(location))) {
                  lastProcessed(location, changelogs(internalTopics, input, existing), partitions)
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
      InternalTopics internalTopics, String input, Set<String> existing) {
    return internalTopics.changelogs().entrySet().stream()
        .filter(entry -> entry.getValue().equals(input))
        .map(Map.Entry::getKey)
        .filter(existing::contains)
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
  private Map<TopicPartition, LastProcessed> lastProcessed(
      OffsetLocation location, List<String> changelogNames, Collection<TopicPartition> inputs) {
    var changelogs = new HashMap<TopicPartition, TopicPartition>();
    inputs.forEach(p -> changelogs.put(new TopicPartition(changelog(location), p.partition()), p));
    var found = new HashMap<TopicPartition, LastProcessed>();
    TopicTail.of(config, List.copyOf(changelogs.keySet()))
        .forEach(
            (changelog, records) -> {
              var read = last(records, location.key());
              var input = changelogs.get(changelog);
              if (input != null && read.isPresent()) {
                found.put(input, read.get());
              }
            });
    var unknown = inputs.stream().filter(p -> !found.containsKey(p)).toList();
    var nonEmpty =
        TopicTail.nonEmpty(
                config,
                changelogNames.stream()
                    .flatMap(name -> unknown.stream().map(p -> at(name, p)))
                    .toList())
            .stream()
            .map(TopicPartition::partition)
            .collect(Collectors.toSet());
    for (var partition : unknown) {
      if (!nonEmpty.contains(partition.partition())) {
        found.put(partition, NOTHING);
      }
    }
    return found;
  }

  private static TopicPartition at(String changelog, TopicPartition input) {
    return new TopicPartition(changelog, input.partition());
  }

  /** Both stages store eight bytes, big-endian. */
  private static Optional<LastProcessed> last(
      List<ConsumerRecord<byte[], byte[]>> records, String key) {
    var last = Optional.<LastProcessed>empty();
    for (var record : records) {
      if (record.key() != null
          && record.value() != null
          && record.value().length == Long.BYTES
          && new String(record.key(), UTF_8).equals(key)) {
        last =
            Optional.of(
                new LastProcessed(ByteBuffer.wrap(record.value()).getLong(), record.timestamp()));
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
  String resumeCommand(TopicPartition partition, long offset) {
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
            resumeCommand(partition, after(records, partition, read)),
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
            resumeCommand(partition, after(records, partition, read)));
  }
}
