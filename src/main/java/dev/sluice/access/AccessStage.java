package dev.sluice.access;

import dev.sluice.access.AccessUpdate.MembershipChanged;
import dev.sluice.access.AccessUpdate.ProductRevised;
import dev.sluice.avro.AccessAction;
import dev.sluice.avro.AccessCommand;
import java.time.Instant;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * The access stage in a topology: keeps memberships and product copies, and emits a command
 * wherever a user's access appears or disappears.
 *
 * @param commands name of the child node that takes the commands
 * @param storeKind makes a store's supplier of its name
 */
public record AccessStage(String commands, Function<String, KeyValueBytesStoreSupplier> storeKind)
    implements ProcessorSupplier<String, AccessUpdate, String, AccessCommand> {

  @Override
  public Set<StoreBuilder<?>> stores() {
    return AccessStores.builders(storeKind);
  }

  @Override
  public Processor<String, AccessUpdate, String, AccessCommand> get() {
    return new Stage();
  }

  @SuppressWarnings("NullAway.Init") // init comes first
  private final class Stage implements Processor<String, AccessUpdate, String, AccessCommand> {
    private ProcessorContext<String, AccessCommand> context;
    private AccessStores stores;
    private Members members;

    @Override
    public void init(ProcessorContext<String, AccessCommand> context) {
      this.context = context;
      stores = new AccessStores(context);
      members = new Members(stores);
    }

    @Override
    public void process(Record<String, AccessUpdate> input) {
      var update = input.value();
      var first = stores.lastRevision();
      var out = new Commands(update, input.timestamp(), first);
      switch (update) {
        case MembershipChanged changed -> members.change(changed, out);
        case ProductRevised revised -> members.revise(revised, out);
      }
      // Once for the update, not once for the command: a command costs one record and no more.
      if (out.revision != first) {
        stores.lastRevision(out.revision);
      }
    }

    /** Numbers and forwards the commands of one update. */
    private final class Commands implements Members.Sink {
      private final AccessUpdate update;
      private final long timestamp;
      private final Instant occurredAt;
      private long revision;

      Commands(AccessUpdate update, long timestamp, long revision) {
        this.update = update;
        this.timestamp = timestamp;
        this.revision = revision;
        this.occurredAt = Instant.ofEpochMilli(update.cause().occurredAtMs());
      }

      @Override
      public void emit(
          boolean grant, String userId, String sourceId, String sourceType, CommandReason reason) {
        var command =
            new AccessCommand(
                grant ? AccessAction.GRANT : AccessAction.REVOKE,
                userId,
                sourceId,
                sourceType,
                update.productId(),
                dev.sluice.avro.CommandReason.valueOf(reason.name()),
                update.cause().eventId(),
                ++revision,
                occurredAt);
        context.forward(new Record<>(userId + '|' + sourceId, command, timestamp), commands);
      }
    }
  }
}
