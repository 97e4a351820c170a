package dev.sluice.access.stage;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.access.AccessObserver;
import dev.sluice.access.SweepSummary;
import dev.sluice.access.command.CommandEmitter;
import dev.sluice.access.command.DirectSend;
import dev.sluice.contract.TraceHeaders;
import dev.sluice.streams.EarlyCommit;
import dev.sluice.streams.IdleCommits;
import dev.sluice.streams.PoisonedRecordException;
import dev.sluice.streams.SetAsideRecords;
import dev.sluice.streams.SweepScheduling;
import dev.sluice.update.AccessUpdate;
import dev.sluice.update.AccessUpdate.MembershipChanged;
import dev.sluice.update.AccessUpdate.ProductRevised;
import dev.sluice.update.AccessUpdate.UserChanged;
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
 * The access stage in a topology. Keeps memberships and product copies, applies the revisions of
 * products to their members, and emits a command whenever a user gains or loses access.
 *
 * <p>Its input is the topic's bytes, so a record that cannot be read can be set aside unchanged.
 *
 * @param outputs the child nodes
 * @param setAside the records that are not to be processed
 * @param asideForm makes the rejected-events record of such a record
 * @param directSend the direct way for commands
 * @param epoch the epoch of every command, 0 or above
 * @param observer the listener
 * @param slicing the amount of sweep work at a time
 * @param storeKind makes a store's supplier from its name
 * @param idleCommits requests commits at rest
 */
public record AccessStage(
    Outputs outputs,
    SetAsideRecords setAside,
    AsideForm asideForm,
    DirectSend directSend,
    int epoch,
    AccessObserver observer,
    SweepScheduling slicing,
    Function<String, KeyValueBytesStoreSupplier> storeKind,
    IdleCommits idleCommits)
    implements ProcessorSupplier<String, byte[], byte[], SpecificRecord> {

  /** Names of the child nodes that take commands, and records that are set aside. */
  public record Outputs(String commands, String setAside) {}

  /** Makes the rejected-events record of a record that is set aside. */
  @FunctionalInterface
  public interface AsideForm {
    /**
     * Returns the record for rejected-events.
     *
     * @param at the place of the record
     * @param eventId of the event behind the record; null if it cannot be read
     * @param effect the effect that the record would have had, in words
     * @param nowMs the new record's time
     */
    Record<byte[], byte[]> of(
        Record<byte[], byte[]> input,
        RecordMetadata at,
        @Nullable String eventId,
        String effect,
        long nowMs);
  }

  private static final Logger LOG = LoggerFactory.getLogger(AccessStage.class);

  /** Interval in which a task asks for a slice while it has a sweep. */
  private static final Duration TICK = Duration.ofMillis(10);

  /**
   * Interval between two checks for sweeps from before a restart. Ticks are scheduled only while
   * there are sweeps, since each tick delays the thread's input.
   */
  private static final Duration CHECK_INTERVAL = Duration.ofMillis(100);

  /** Maximum number of entries of an older version that are converted at each check. */
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
    private IdleCommits.Task idle;
    private ProductRevisionStore copies;
    private Memberships memberships;
    private UserSettler userSettler;
    private Sweeper sweeper;
    private SweepStore sweepStore;
    private CommandEmitter out;
    private WithheldUsers withheldUsers;
    private UserGate gate;
    private UserTurner userTurner;
    private boolean usersFirst;
    private final Deserializer<AccessUpdate> reader = new AccessUpdateSerde().deserializer();
    private int partition;
    private boolean open;
    private Cancellable checking;
    private @Nullable Cancellable ticking;
    private volatile SweepSummary summary = SweepSummary.NONE;
    private final Supplier<SweepSummary> summaries = () -> summary;

    @Override
    public void init(ProcessorContext<byte[], SpecificRecord> context) {
      this.context = context;
      promptly = new EarlyCommit(context);
      idle = idleCommits.task(context);
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
      withheldUsers = new WithheldUsers(stores);
      gate = new UserGate(withheldUsers, out);
      userTurner =
          new UserTurner(
              withheldUsers, userSettler, new HeldSources(copies, memberships), gate, out);
      checking =
          context.schedule(
              CHECK_INTERVAL, PunctuationType.WALL_CLOCK_TIME, nowMs -> checkForSweeps());
      partition = context.taskId().partition();
      observer.opened(partition, summaries);
      open = true;
    }

    private void checkForSweeps() {
      copies.check(memberships);
      copies.convertSome(CONVERTED_AT_ONCE);
      summary = sweepStore.summary().with(withheldUsers.movingCount(), withheldUsers.count());
      keepTicking();
    }

    private void keepTicking() {
      if (hasWork() == (ticking != null)) {
        return;
      }
      if (ticking == null) {
        ticking = context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, this::tick);
      } else {
        ticking.cancel();
        ticking = null;
      }
    }

    private boolean hasWork() {
      return !sweepStore.isEmpty() || withheldUsers.isMoving();
    }

    private void tick(long nowMs) {
      var budget = hasWork() ? slicing.scheduler().begin(this) : null;
      if (budget != null) {
        copies.check(memberships);
        out.begin(nowMs);
        work(budget);
        out.end();
        if (!hasWork()) {
          promptly.commit();
          idle.worked(); // promptly has committed a moment ago if the first slice was not the last
        }
      }
      keepTicking();
    }

    /** Does one slice's work: users and products have the first turn alternately. */
    private void work(SweepScheduling.WorkBudget budget) {
      usersFirst = !usersFirst;
      if (usersFirst && userTurner.work(budget)) {
        return;
      }
      if (!sweepStore.isEmpty() && sweeper.work(budget, gate)) {
        return;
      }
      if (!usersFirst) {
        userTurner.work(budget);
      }
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
      idle.processed(at);
    }

    private AccessUpdate read(Record<String, byte[]> input) {
      AccessUpdate update;
      try {
        update = reader.deserialize(SetAsideRecords.Input.UPDATES.topic(), input.value());
      } catch (SerializationException e) {
        throw new IllegalStateException("it is not an update: " + e.getMessage(), e);
      }
      if (update == null) {
        throw new IllegalStateException("it is not an update: it has no value");
      }
      return update.arrived(input.timestamp(), TraceHeaders.read(input.headers()));
    }

    private void setAside(Record<String, byte[]> input, RecordMetadata at) {
      String eventId = null;
      String effect;
      try {
        var update = read(input);
        eventId = update.cause().eventId();
        effect = update.description();
      } catch (RuntimeException e) {
        effect = String.valueOf(e.getMessage());
      }
      LOG.warn(
          "set aside by records.set.aside: offset {} of {} partition {} ({}); see"
              + " rejected-events, and remove the entry once every worker has passed the record",
          at.offset(),
          at.topic(),
          at.partition(),
          effect.replaceAll("\\p{Cntrl}", "?"));
      var key = input.key() == null ? null : input.key().getBytes(UTF_8);
      context.forward(
          aside(
              asideForm.of(input.withKey(key), at, eventId, effect, context.currentSystemTimeMs())),
          outputs.setAside());
      observer.setAside();
    }

    /** Casts the record: a processor with two kinds of output has no common output type. */
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
          userSettler.change(changed, position, gate);
          userTurner.memberChanged(changed.userId());
          // The product stage counts members; a check here would scan the deleted entries of former
          // members.
          if (changed.last()) {
            sweeper.forget(changed.productId());
            userTurner.productChanged(changed.productId());
          }
        }
        case UserChanged changed -> {
          slicing.scheduler().input();
          userTurner.change(changed, position, slicing.inlineBudget().get());
        }
        case ProductRevised revised -> {
          userTurner.productChanged(revised.productId());
          sweeper.revise(
              revised,
              position,
              revised.membersIn(context.taskId().partition()),
              slicing.inlineBudget().get(),
              gate);
        }
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
        // Streams may call init again on the same object, which then keeps its old schedules.
        checking.cancel();
        idle.close();
        if (ticking != null) {
          ticking.cancel();
          ticking = null;
        }
        observer.closed(partition, summaries);
      }
    }
  }
}
