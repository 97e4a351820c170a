package dev.sluice.access;

import dev.sluice.avro.AccessAction;
import dev.sluice.avro.AccessCommand;
import java.time.Instant;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Numbers the commands of one task and forwards them. */
final class Commands implements Sink {
  private static final String LAST = "last";

  private final ProcessorContext<String, AccessCommand> context;
  private final String child;
  private final KeyValueStore<String, Long> store;
  private long stored;
  private long revision;
  private long timestamp;

  // What the commands of one origin have in common.
  private @Nullable Origin origin;
  private dev.sluice.avro.CommandReason reason = dev.sluice.avro.CommandReason.OTHER;
  private Instant occurredAt = Instant.EPOCH;

  /**
   * For one task.
   *
   * @param child the node that takes them
   */
  Commands(ProcessorContext<String, AccessCommand> context, String child) {
    this.context = context;
    this.child = child;
    store = AccessStores.of(context, AccessStores.REVISION);
  }

  /** Before an update, or a slice of a sweep. */
  void begin(long timestampMs) {
    var last = store.get(LAST);
    stored = last == null ? 0 : last;
    revision = stored;
    timestamp = timestampMs;
  }

  /** After it. The revision is stored here and not with each command, which costs one record. */
  void end() {
    if (revision != stored) {
      store.put(LAST, revision);
    }
  }

  @Override
  public void emit(String userId, Settlement.Change change) {
    if (change.origin() != origin) {
      origin = change.origin();
      reason = dev.sluice.avro.CommandReason.valueOf(origin.reason().name());
      occurredAt = Instant.ofEpochMilli(origin.cause().occurredAtMs());
    }
    var sourceId = change.sourceId();
    var command =
        new AccessCommand(
            change.grant() ? AccessAction.GRANT : AccessAction.REVOKE,
            userId,
            sourceId,
            change.sourceType(),
            origin.productId(),
            reason,
            origin.cause().eventId(),
            ++revision,
            occurredAt);
    context.forward(new Record<>(userId + '|' + sourceId, command, timestamp), child);
  }
}
