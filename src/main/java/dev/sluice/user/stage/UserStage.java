package dev.sluice.user.stage;

import dev.sluice.contract.TraceHeaders;
import dev.sluice.event.UserEvent;
import dev.sluice.event.codec.UserEventReader;
import dev.sluice.product.Decision.Rejected;
import dev.sluice.product.DecisionRules;
import dev.sluice.product.TextLimits;
import dev.sluice.product.stage.EventInput;
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
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
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
    private EventInput<UserEvent> eventInput;
    private int partition;
    private boolean open;

    @Override
    public void init(ProcessorContext<Object, Object> context) {
      this.context = context;
      idle = idleCommits.task(context);
      stores = new UserStores(context);
      events = reader.get();
      eventInput =
          new EventInput<>(
              context,
              setAside,
              SetAsideRecords.Input.USERS,
              (headers, value) -> TextLimits.cut(events.read(headers, value)),
              outageRetry,
              observer,
              rejected -> context.forward(rejected, outputs.rejectedEvents()),
              LOG);
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
      if (!eventInput.setsAside(input, at)) {
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
      var event = eventInput.read(input);
      if (event == null) {
        return;
      }
      var user = stores.user(event.userId());
      switch (decider.decide(Rejection.text(input.key()), partition, user, event)) {
        case UserDecision.Applied applied -> {
          stores.put(applied.user());
          send(applied.update(), input);
          eventInput.count(event, "applied");
        }
        case UserDecision.NoOp noOp -> {
          if (!noOp.user().equals(user)) {
            stores.put(noOp.user());
          }
          eventInput.count(event, "no_op");
        }
        case UserDecision.Duplicate duplicate -> eventInput.count(event, "duplicate");
        case UserDecision.Rejected rejected ->
            eventInput.reject(
                input,
                event,
                new Rejected(rejected.reason(), rejected.message(), rejected.remedy()));
      }
    }

    private void send(UserChanged update, Record<byte[], byte[]> input) {
      var trace = TraceHeaders.read(input.headers());
      var record = new Record<Object, Object>(update.key(), update, input.timestamp());
      context.forward(
          trace == null ? record : record.withHeaders(TraceHeaders.of(trace)),
          outputs.accessUpdates());
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
