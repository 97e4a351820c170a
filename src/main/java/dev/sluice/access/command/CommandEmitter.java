package dev.sluice.access.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.access.AccessDiff;
import dev.sluice.access.AccessObserver;
import dev.sluice.access.CommandSink;
import dev.sluice.keys.StoreKeys;
import java.util.IdentityHashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Numbers and sends the commands of one task. The first command of an update or slice goes through
 * Streams, which begins a transaction with it and throws pending errors of earlier ones. The others
 * then take the direct way, if there is one.
 */
public final class CommandEmitter implements CommandSink {
  private final ProcessorContext<byte[], SpecificRecord> context;
  private final String child;
  private final DirectSend directSend;
  private final int epoch;
  private final AccessObserver observer;
  private final KeyValueStore<String, Long> store;
  private long stored;
  private long revision;
  private long timestamp;

  /** Keyed by identity: one change object serves all members of a sweep. */
  private final Map<AccessDiff.Change, CommandTemplate> forms = new IdentityHashMap<>();

  private String userId = "";
  private byte[] userIdBytes = {};

  private DirectSend.@Nullable Session session;

  /**
   * Creates the emitter of one task.
   *
   * @param child the node that takes the commands
   * @param store keeps the revision of the last command, and the offset of the last update
   * @param epoch the epoch of every command
   * @param observer is notified of the number of commands
   */
  public CommandEmitter(
      ProcessorContext<byte[], SpecificRecord> context,
      String child,
      KeyValueStore<String, Long> store,
      DirectSend directSend,
      int epoch,
      AccessObserver observer) {
    this.context = context;
    this.child = child;
    this.directSend = directSend;
    this.epoch = epoch;
    this.observer = observer;
    this.store = store;
  }

  /** Called before an update or a slice of a sweep. */
  public void begin(long timestampMs) {
    var last = store.get(StoreKeys.LAST_REVISION);
    stored = last == null ? 0 : last;
    revision = stored;
    timestamp = timestampMs;
    forms.clear();
    session = null;
  }

  /**
   * Called after an update or a slice. Stores the revision once, since a store entry per command
   * would cost a record each.
   *
   * @return whether any command was emitted
   */
  public boolean end() {
    if (revision == stored) {
      return false;
    }
    store.put(StoreKeys.LAST_REVISION, revision);
    forms.forEach((change, form) -> observer.emitted(change, form.count));
    return true;
  }

  /** Records that the update at that offset is processed. */
  public void read(long offset) {
    store.put(StoreKeys.UPDATE_READ, offset);
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // one string for all commands of a member
  public void emit(String userId, AccessDiff.Change change) {
    var form = forms.get(change);
    if (form == null) {
      form = new CommandTemplate(change, epoch);
      forms.put(change, form);
    }
    if (this.userId != userId) {
      this.userId = userId;
      userIdBytes = userId.getBytes(UTF_8);
    }
    form.count++;
    var templatedAccessCommand = new TemplatedAccessCommand(form, userId, userIdBytes, ++revision);
    var key = form.key(userIdBytes);
    var way = session;
    if (way == null || !way.send(key, templatedAccessCommand, form.headers, timestamp)) {
      context.forward(new Record<>(key, templatedAccessCommand, timestamp, form.headers), child);
      session = directSend.session();
    }
  }
}
