package dev.sluice.access.stage;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.access.AccessObserver;
import dev.sluice.access.SweepSummary;
import dev.sluice.access.command.CommandEmitter;
import dev.sluice.access.command.DirectSend;
import dev.sluice.contract.TraceHeaders;
import dev.sluice.streams.EarlyCommit;
import dev.sluice.streams.PoisonedRecordException;
import dev.sluice.streams.SetAsideRecords;
import dev.sluice.streams.SweepScheduling;
import dev.sluice.update.AccessUpdate;
import dev.sluice.update.AccessUpdate.MembershipChanged;
import dev.sluice.update.AccessUpdate.ProductRevised;
import dev.sluice.update.wire.AccessUpdateSerde;
import java.time.Duration;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The access stage in a topology: keeps memberships and product copies, spreads the revisions of
 * products over their members, and emits a command wherever a user's access appears or disappears.
 *
 * <p>Its input is the topic's bytes, so that a record that cannot be read can be set aside as it
 * is.
 *
 * @param outputs the child nodes
 * @param setAside the records that are not to be processed
 * @param asideForm makes what is written of such a record
 * @param directSend a shorter way for them
 * @param epoch the epoch that every command carries, 0 or above
 * @param observer is told of what it does
 * @param slicing how much of a sweep is done in one go
 * @param storeKind makes a store's supplier of its name
 */
public record AccessStage(
    Outputs outputs,
    SetAsideRecords setAside,
    AsideForm asideForm,
    DirectSend directSend,
    int epoch,
    AccessObserver observer,
    SweepScheduling slicing,
    Function<String, KeyValueBytesStoreSupplier> storeKind)
    implements ProcessorSupplier<String, byte[], byte[], SpecificRecord> {

  /** Names of the child nodes that take commands, and records that are set aside. */
  public record Outputs(String commands, String setAside) {}

  /** Makes what is written of a record that is set aside. */
  @FunctionalInterface
  public interface AsideForm {
    /**
     * The record for rejected-events.
     *
     * @param at where it stood
     * @param eventId of the event behind it; null where that cannot be read
     * @param says what it would have done, in words
     * @param nowMs its time
     */
    Record<byte[], byte[]> of(
        Record<byte[], byte[]> input,
        RecordMetadata at,
        @Nullable String eventId,
        String says,
        long nowMs);
  }

  private static final Logger LOG = LoggerFactory.getLogger(AccessStage.class);

  /** How often a task asks for its turn while it has a sweep. */
  private static final Duration TICK = Duration.ofMillis(10);

  /**
   * How often it looks whether there are sweeps that it does not know of, from before a restart.
   * The ticks go on only while there are any: each one costs the thread's input something.
   */
  private static final Duration LOOK = Duration.ofMillis(100);

  /** So many entries that an older version left are made new at each look. */
  private static final int CONVERTED_AT_ONCE = 2_000;

  @Override
  public Set<StoreBuilder<?>> stores() {
    return AccessStores.builders(storeKind);
  }

  @Override
  public Processor<String, byte[], byte[], SpecificRecord> get() {
    return new Stage();
  }

  @SuppressWarnings("NullAway.Init") // init comes first
  private final class Stage implements Processor<String, byte[], byte[], SpecificRecord> {
    private ProcessorContext<byte[], SpecificRecord> context;
    private EarlyCommit promptly;
    private ProductRevisionStore copies;
    private Memberships memberships;
    private UserSettler userSettler;
    private Sweeper sweeper;
    private SweepStore sweepStore;
    private CommandEmitter out;
    private final Deserializer<AccessUpdate> reader = new AccessUpdateSerde().deserializer();
    private int partition;
    private boolean open;
    private Cancellable looking;
    private @Nullable Cancellable ticking;
    private volatile SweepSummary summary = SweepSummary.NONE;
    private final Supplier<SweepSummary> summaries = () -> summary;

    @Override
    public void init(ProcessorContext<byte[], SpecificRecord> context) {
      this.context = context;
      promptly = new EarlyCommit(context);
      var stores = TaskStores.of(context);
      copies = new ProductRevisionStore(stores);
      memberships = new Memberships(stores);
      sweepStore = new SweepStore(stores);
      userSettler = new UserSettler(copies, memberships, sweepStore);
      sweeper =
          new Sweeper(copies, memberships, sweepStore, userSettler, slicing.aloneMaxMembers());
      out =
          new CommandEmitter(
              context,
              outputs.commands(),
              AccessStores.of(context, AccessStores.REVISION),
              directSend,
              epoch,
              observer);
      looking = context.schedule(LOOK, PunctuationType.WALL_CLOCK_TIME, nowMs -> look());
      partition = context.taskId().partition();
      observer.opened(partition, summaries);
      open = true;
    }

    private void look() {
      copies.check(memberships);
      copies.convertSome(CONVERTED_AT_ONCE);
      summary = sweepStore.summary();
      keepTicking();
    }

    private void keepTicking() {
      if (sweepStore.isEmpty() == (ticking == null)) {
        return;
      }
      if (ticking == null) {
        ticking = context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, this::tick);
      } else {
        ticking.cancel();
        ticking = null;
      }
    }

    private void tick(long nowMs) {
      var budget = sweepStore.isEmpty() ? null : slicing.scheduler().begin(this);
      if (budget != null) {
        copies.check(memberships);
        out.begin(nowMs);
        sweeper.work(budget, out);
        out.end();
        if (sweepStore.isEmpty()) {
          promptly.commit();
        }
      }
      keepTicking();
    }

    @Override
    public void process(Record<String, byte[]> input) {
      copies.check(memberships);
      var at = context.recordMetadata().orElseThrow();
      observer.given(at.partition(), at.offset());
      if (setAside.holds(SetAsideRecords.Input.UPDATES, at)) {
        setAside(input, at);
      } else {
        try {
          process(input, at.offset());
        } catch (RuntimeException e) {
          throw PoisonedRecordException.of(SetAsideRecords.Input.UPDATES, at, e);
        }
      }
      out.read(at.offset());
    }

    private AccessUpdate read(Record<String, byte[]> input) {
      AccessUpdate update;
      try {
        update = reader.deserialize(SetAsideRecords.Input.UPDATES.topic(), input.value());
      } catch (SerializationException e) {
        throw new IllegalStateException("it is no update: " + e.getMessage(), e);
      }
      if (update == null) {
        throw new IllegalStateException("it is no update: it has no value");
      }
      return update.arrived(input.timestamp(), TraceHeaders.read(input.headers()));
    }

    private void setAside(Record<String, byte[]> input, RecordMetadata at) {
      String eventId = null;
      String says;
      try {
        var update = read(input);
        eventId = update.cause().eventId();
        says = update.says();
      } catch (RuntimeException e) {
        says = String.valueOf(e.getMessage());
      }
      LOG.warn(
          "set aside, as records.set.aside says: offset {} of {} partition {} ({}); see"
              + " rejected-events, and remove the entry once every worker has gone on",
          at.offset(),
          at.topic(),
          at.partition(),
          says.replaceAll("\\p{Cntrl}", "?"));
      var key = input.key() == null ? null : input.key().getBytes(UTF_8);
      context.forward(
          aside(asideForm.of(input.withKey(key), at, eventId, says, context.currentSystemTimeMs())),
          outputs.setAside());
      observer.setAside();
    }

    /** Two kinds of output have no one type. */
    @SuppressWarnings("unchecked")
    private static Record<byte[], SpecificRecord> aside(Record<byte[], byte[]> record) {
      return (Record<byte[], SpecificRecord>) (Record<byte[], ?>) record;
    }

    private void process(Record<String, byte[]> input, long position) {
      out.begin(input.timestamp());
      var update = read(input);
      LOG.atDebug().addKeyValue("eventId", update.cause().eventId()).log("{}", update);
      switch (update) {
        case MembershipChanged changed -> {
          slicing.scheduler().input();
          userSettler.change(changed, position, out);
          // The product stage counts them: to look would be a walk over all who left before.
          if (changed.last()) {
            sweeper.forget(changed.productId());
          }
        }
        case ProductRevised revised ->
            sweeper.revise(
                revised,
                position,
                revised.membersIn(context.taskId().partition()),
                slicing.inlineBudget().get(),
                out);
      }
      if (out.end() && update instanceof ProductRevised) {
        promptly.commit();
      }
      keepTicking();
    }

    @Override
    public void close() {
      if (open) { // else init failed
        open = false;
        // Streams may begin again with this very object, and then keeps what was scheduled.
        looking.cancel();
        if (ticking != null) {
          ticking.cancel();
          ticking = null;
        }
        observer.closed(partition, summaries);
      }
    }
  }
}
