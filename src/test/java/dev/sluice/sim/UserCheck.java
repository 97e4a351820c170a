package dev.sluice.sim;

import static dev.sluice.sim.Violation.unless;
import static dev.sluice.sim.Violation.unlessEqual;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.contract.RejectionHeaders;
import dev.sluice.event.UserEvent;
import dev.sluice.sim.UserTask.Outcome;
import dev.sluice.update.AccessUpdate.UserChanged;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.apache.kafka.streams.test.TestRecord;

/** Holds what one task of the user stage decides, event by event, against {@link ModelUsers}. */
final class UserCheck extends Checked<UserCheck.State> {
  private static final String TABLE = "section 3, what each event does";
  private static final String BAD_INPUT = "I9 bad input";

  record State(ModelUsers model, int[] rejected) {
    State copy() {
      return new State(model.copy(), rejected.clone());
    }
  }

  private final Predicate<String> isHere;

  UserCheck(Predicate<String> isHere) {
    super(new State(new ModelUsers(), new int[1]), State::copy);
    this.isHere = isHere;
  }

  ModelUsers model() {
    return state.model;
  }

  /** How many events were to be rejected. */
  int rejected() {
    return state.rejected[0];
  }

  /** After an event was read; it is null where the record is none. */
  void decided(UserEvent event, TestRecord<byte[], byte[]> input, long offset, Outcome outcome) {
    var expected =
        event == null
            ? "unreadable"
            : state.model.apply(new String(input.key(), UTF_8), event, isHere);
    unlessEqual(outcome.outcome(), expected, TABLE, "outcome of %s", event);
    unlessEqual(
        outcome.updates().size(),
        expected.equals("applied") ? 1 : 0,
        TABLE,
        "updates of %s, %s",
        event,
        expected);
    for (var update : outcome.updates()) {
      unlessEqual(update.key(), event.userId(), TABLE, "key of %s", update);
      unlessEqual(
          update.value() instanceof UserChanged changed
              ? List.of(
                  changed.userId(),
                  changed.active(),
                  changed.cause().eventId(),
                  changed.cause().occurredAtMs())
              : List.of(),
          List.of(
              event.userId(),
              state.model.isActive(event.userId()),
              event.eventId(),
              event.occurredAt().toEpochMilli()),
          TABLE,
          "update of %s",
          event);
    }
    if (List.of("applied", "no_op", "duplicate").contains(expected)) {
      unless(outcome.rejected().isEmpty(), BAD_INPUT, "rejected though %s", expected);
    } else {
      rejected(input, offset, outcome);
    }
  }

  private void rejected(TestRecord<byte[], byte[]> input, long offset, Outcome outcome) {
    state.rejected[0]++;
    unlessEqual(outcome.rejected().size(), 1, BAD_INPUT, "number of rejected events");
    var rejected = outcome.rejected().getFirst();
    unless(
        Arrays.equals(rejected.key(), input.key())
            && Arrays.equals(rejected.value(), input.value()),
        BAD_INPUT,
        "what is rejected is not what came");
    unlessEqual(
        List.of(
            header(rejected, RejectionHeaders.REASON),
            header(rejected, RejectionHeaders.TOPIC),
            header(rejected, RejectionHeaders.OFFSET)),
        List.of(outcome.outcome().toUpperCase(Locale.ROOT), "user-events", String.valueOf(offset)),
        BAD_INPUT,
        "headers");
  }

  private static String header(TestRecord<?, ?> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }
}
