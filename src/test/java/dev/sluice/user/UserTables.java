package dev.sluice.user;

import static dev.sluice.user.UserEvents.deactivated;
import static dev.sluice.user.UserEvents.reactivated;
import static dev.sluice.user.UserEvents.sequenced;
import static dev.sluice.user.UserEvents.withId;

import dev.sluice.event.UserEvent;
import dev.sluice.product.DecisionRules;
import dev.sluice.sim.ModelUsers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The states of a user, the events, and what each event does in each state. */
public final class UserTables {
  private static final Map<String, List<UserEvent>> STATES = new LinkedHashMap<>();
  private static final Map<String, UserEvent> EVENTS = new LinkedHashMap<>();

  static {
    STATES.put("never named", List.of());
    STATES.put("deactivated", List.of(deactivated("ana")));
    STATES.put("reactivated", List.of(deactivated("ana"), reactivated("ana")));
    STATES.put(
        "deactivated, after sequences 2 and 10",
        List.of(sequenced(2, reactivated("ana")), sequenced(10, deactivated("ana"))));
    STATES.put(
        "reactivated, after sequences 2 and 10",
        List.of(sequenced(2, deactivated("ana")), sequenced(10, reactivated("ana"))));

    EVENTS.put("UserDeactivated", deactivated("ana"));
    EVENTS.put("UserReactivated", reactivated("ana"));
    for (long sequence : new long[] {2, 3, 10, 11, Long.MAX_VALUE}) {
      EVENTS.put("UserDeactivated, sequence " + sequence, sequenced(sequence, deactivated("ana")));
      EVENTS.put("UserReactivated, sequence " + sequence, sequenced(sequence, reactivated("ana")));
    }
    EVENTS.put(
        "UserDeactivated, sequence 10, another eventId",
        withId("another", sequenced(10, deactivated("ana"))));
  }

  private UserTables() {}

  /**
   * One event in one state.
   *
   * @param outcome what the decider says
   * @param expected what the naive model says
   * @param effect what happens, in a few words
   */
  public record Cell(String state, String event, String outcome, String expected, String effect) {
    @Override
    public String toString() {
      return event + " | user " + state;
    }
  }

  public static List<Cell> cells() {
    var cells = new ArrayList<Cell>();
    STATES.forEach(
        (state, history) ->
            EVENTS.forEach((name, event) -> cells.add(cell(state, history, name, event))));
    return cells;
  }

  private static Cell cell(String state, List<UserEvent> history, String name, UserEvent event) {
    var decider = new UserDecider(DecisionRules.DEFAULT);
    var model = new ModelUsers();
    var user = User.unknown("ana");
    for (var before : history) {
      model.apply("ana", before, id -> true);
      user =
          switch (decider.decide("ana", 0, user, before)) {
            case UserDecision.Applied applied -> applied.user();
            case UserDecision.NoOp noOp -> noOp.user();
            default -> throw new AssertionError("not accepted: " + before);
          };
    }
    var decision = decider.decide("ana", 0, user, event);
    return new Cell(
        state, name, outcome(decision), model.apply("ana", event, id -> true), effect(decision));
  }

  private static String outcome(UserDecision decision) {
    return switch (decision) {
      case UserDecision.Applied applied -> "applied";
      case UserDecision.NoOp noOp -> "no_op";
      case UserDecision.Duplicate duplicate -> "duplicate";
      case UserDecision.Rejected rejected -> rejected.reason().name().toLowerCase(Locale.ROOT);
    };
  }

  private static String effect(UserDecision decision) {
    return switch (decision) {
      case UserDecision.Applied applied ->
          applied.update().active() ? "**access given**" : "**access taken**";
      case UserDecision.NoOp noOp -> "–";
      case UserDecision.Duplicate duplicate -> "duplicate";
      case UserDecision.Rejected rejected -> rejected.reason().name();
    };
  }

  /** The table as Markdown. */
  public static String document() {
    var text =
        new StringBuilder(
            """

            ## Events about a user

            *access taken* withholds all access of the user, and *access given* gives back what the user's memberships
            give then. No event about a product changes whether a user is deactivated.

            | the user is\
            """);
    STATES.keySet().forEach(state -> text.append(" | ").append(state));
    text.append(" |\n|---").append("|---".repeat(STATES.size())).append("|\n");
    for (var event : EVENTS.keySet()) {
      text.append("| ").append(event);
      cells().stream()
          .filter(cell -> cell.event().equals(event))
          .forEach(cell -> text.append(" | ").append(cell.effect()));
      text.append(" |\n");
    }
    return text.toString();
  }
}
