package dev.sluice.user.stage;

import dev.sluice.contract.RejectionReason;
import dev.sluice.contract.TraceHeaders;
import dev.sluice.event.UserEvent;
import dev.sluice.event.codec.EventReader.UnreadableEventException;
import dev.sluice.event.codec.UserEventReader;
import dev.sluice.product.DecisionRules;
import dev.sluice.product.EventIds;
import dev.sluice.product.TextLimits;
import dev.sluice.product.stage.EventObserver;
import dev.sluice.product.stage.Rejection;
import dev.sluice.streams.IdleCommits;
import dev.sluice.streams.OutageRetry;
import dev.sluice.streams.PoisonedRecordException;
import dev.sluice.streams.SetAsideRecords;
import dev.sluice.streams.SweepScheduling;
import dev.sluice.update.AccessUpdate.UserChanged;
import dev.sluice.user.UserDecider;
import dev.sluice.user.UserDecision;
import dev.sluice.user.UserDecision.Rejected;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The user stage in a topology: reads an event about a user, lets the {@link UserDecider} decide,
 * then stores the user and tells the access stage. Its input is the topic's bytes, so a rejected
 * record keeps its original form.
 *
 * @param reader makes the reader of one task
 * @param rules the configured rules of decisions, with the places of user-events
 * @param observer the listener for every outcome
 * @param outageRetry waits while an event cannot be read
 * @param turns is notified of every record, so that sweeps on the same thread give way
 * @param outputs the child nodes
 * @param storeKind makes a store's supplier from its name
 * @param setAside the records that are not to be processed
 * @param idleCommits requests commits at rest
 */
public record UserStage(
    Supplier<UserEventReader> reader,
    DecisionRules rules,
    EventObserver observer,
    OutageRetry outageRetry,
    SweepScheduling.Scheduler turns,
    Outputs outputs,
    Function<String, KeyValueBytesStoreSupplier> storeKind,
    SetAsideRecords setAside,
    IdleCommits idleCommits)
    implements ProcessorSupplier<byte[], byte[], Object, Object> {

  /** Names of the child nodes that take the stage's outputs. */
  public record Outputs(String accessUpdates, String rejectedEvents) {}

  private static final Logger LOG = LoggerFactory.getLogger(UserStage.class);

  @Override
  public Set<StoreBuilder<?>> stores() {
    return UserStores.builders(storeKind);
  }

  @Override
  public Processor<byte[], byte[], Object, Object> get() {
    return new Stage();
  }

  @SuppressWarnings("NullAway.Init") // init comes first
  private final class Stage implements Processor<byte[], byte[], Object, Object> {
    private final UserDecider decider = new UserDecider(rules);
    private ProcessorContext<Object, Object> context;
    private IdleCommits.Task idle;
    private UserStores stores;
    private UserEventReader events;
    private int partition;
    private boolean open;

    @Override
    public void init(ProcessorContext<Object, Object> context) {
      this.context = context;
      idle = idleCommits.task(context);
      stores = new UserStores(context);
      events = reader.get();
      partition = context.taskId().partition();
      observer.openedUsers(partition);
      open = true;
    }

    @Override
    public void process(Record<byte[], byte[]> input) {
      turns.input();
      var at = context.recordMetadata().orElse(null);
      if (at != null) {
        observer.givenUser(at.partition(), at.offset());
      }
      if (at != null && setAside.holds(SetAsideRecords.Input.USERS, at)) {
        LOG.warn(
            "set aside by records.set.aside: offset {} of {} partition {}; see"
                + " rejected-events, and remove the entry once every worker has passed the record",
            at.offset(),
            at.topic(),
            at.partition());
        reject(input, null, RejectionReason.SET_ASIDE, "an operator had the event set aside");
      } else {
        try {
          decide(input);
        } catch (RuntimeException e) {
          throw PoisonedRecordException.of(SetAsideRecords.Input.USERS, at, e);
        }
      }
      if (at != null) {
        stores.read(at.offset());
      }
      idle.processed(at);
    }

    private void decide(Record<byte[], byte[]> input) {
      var large = Rejection.tooLarge(input);
      if (large != null) {
        reject(input, null, RejectionReason.TOO_LARGE, large);
        return;
      }
      UserEvent event;
      try {
        event = read(input);
      } catch (UnreadableEventException e) {
        var why = new Rejected(e.reason(), String.valueOf(e.getMessage()), e.remedy());
        reject(input, e.eventId(), which(e), EventObserver.UNKNOWN, why);
        return;
      }
      var user = stores.user(event.userId());
      switch (decider.decide(Rejection.text(input.key()), partition, user, event)) {
        case UserDecision.Applied applied -> {
          stores.put(applied.user());
          send(applied.update(), input);
          count(event, "applied");
        }
        case UserDecision.NoOp noOp -> {
          if (!noOp.user().equals(user)) {
            stores.put(noOp.user());
          }
          count(event, "no_op");
        }
        case UserDecision.Duplicate duplicate -> count(event, "duplicate");
        case Rejected rejected ->
            reject(input, event.eventId(), which(event), event.type(), rejected);
      }
    }

    private void send(UserChanged update, Record<byte[], byte[]> input) {
      var trace = TraceHeaders.read(input.headers());
      var record = new Record<Object, Object>(update.key(), update, input.timestamp());
      context.forward(
          trace == null ? record : record.withHeaders(TraceHeaders.of(trace)),
          outputs.accessUpdates());
    }

    private UserEvent read(Record<byte[], byte[]> input) throws UnreadableEventException {
      for (int tries = 1; ; tries++) {
        try {
          return TextLimits.cut(events.read(input.headers(), input.value()));
        } catch (RuntimeException outage) {
          if (!outageRetry.waitFor(tries, outage)) {
            throw outage;
          }
        }
      }
    }

    private void reject(
        Record<byte[], byte[]> input,
        @Nullable String eventId,
        RejectionReason reason,
        String message) {
      reject(
          input,
          eventId,
          "",
          EventObserver.UNKNOWN,
          new Rejected(reason, message, reason.remedy()));
    }

    /**
     * Rejects the record.
     *
     * @param which the event and its sender for the log; may be empty
     * @param type the contract's type, or unknown
     */
    private void reject(
        Record<byte[], byte[]> input,
        @Nullable String eventId,
        String which,
        String type,
        Rejected why) {
      var reason = why.reason();
      var at = context.recordMetadata().orElse(null);
      LOG.atDebug()
          .addKeyValue("eventId", eventId)
          .log("rejected at {}: {} {}", at, reason, why.message());
      // The time of the rejection, not of the event: retention would delete the record at once.
      context.forward(
          Rejection.of(
              input,
              at,
              eventId,
              reason,
              why.message(),
              why.remedy(),
              context.currentSystemTimeMs()),
          outputs.rejectedEvents());
      var place = at == null ? "" : at.topic() + "-" + at.partition() + " offset " + at.offset();
      observer.rejected(reason, why.message(), which.isEmpty() ? place : which + ", " + place);
      observer.decided(type, reason.name().toLowerCase(Locale.ROOT));
    }

    private static String which(UserEvent event) {
      return "%s %s by %s"
          .formatted(
              event.type(), EventIds.quoted(event.eventId()), EventIds.quoted(event.actor()));
    }

    private static String which(UnreadableEventException e) {
      return e.eventId() == null
          ? ""
          : "%s %s".formatted(e.type() == null ? "event" : e.type(), EventIds.quoted(e.eventId()));
    }

    private void count(UserEvent event, String outcome) {
      LOG.atDebug()
          .addKeyValue("eventId", event.eventId())
          .log("{} {} of {}", outcome, event.type(), event.userId());
      observer.decided(event.type(), outcome);
    }

    @Override
    public void close() {
      if (open) { // else init failed
        open = false;
        idle.close();
        observer.closedUsers(partition);
        events.close();
      }
    }
  }
}
