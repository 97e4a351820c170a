package dev.sluice.query.model;

import dev.sluice.delivery.CommandAction;
import dev.sluice.delivery.DeliveryState;
import dev.sluice.delivery.Outstanding;
import dev.sluice.query.model.ApiModel.AccessView;
import dev.sluice.query.model.ApiModel.DeliveryNote;
import dev.sluice.query.model.ApiModel.DeliveryView;
import dev.sluice.query.model.ApiModel.ExplainView;
import dev.sluice.query.model.ApiModel.Page;
import dev.sluice.update.SourceRef;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes answers about outstanding commands, and adds them to answers about decisions. Pure. */
public final class DeliveryViews {

  /** Maximum length of a platform's text in a sentence, in characters. */
  private static final int TEXT_MAX = 300;

  private static final String NOTHING =
      "nothing is outstanding: the last command is confirmed, if delivery has run since it was"
          + " written";

  private DeliveryViews() {}

  /**
   * The outstanding commands of a user, as far as they are known.
   *
   * @param items the first ones
   * @param complete whether these are all
   */
  public record OfUser(List<DeliveryView> items, boolean complete) {}

  /** Returns a command of a list. */
  public static DeliveryView view(Outstanding outstanding, long nowMs) {
    var command = outstanding.command();
    var last = outstanding.last();
    return new DeliveryView(
        command.userId(),
        command.source().sourceType(),
        command.source().sourceId(),
        command.action(),
        command.number().epoch(),
        command.number().revision(),
        command.productId(),
        command.reason(),
        Instant.ofEpochMilli(command.commandedAtMs()),
        outstanding.state(),
        Instant.ofEpochMilli(outstanding.sinceMs()),
        Views.instant(outstanding.overdueSinceMs()),
        last.errorClass(),
        last.code(),
        last.message(),
        last.attempts(),
        last.executor(),
        says(outstanding, nowMs));
  }

  private static String says(Outstanding outstanding, long nowMs) {
    var command = outstanding.command();
    var last = outstanding.last();
    var text = new StringBuilder();
    text.append(command.action() == CommandAction.GRANT ? "granted" : "revoked")
        .append(" by the decision, not yet confirmed by ")
        .append(command.source().sourceType())
        .append(" after ")
        .append(duration(Duration.ofMillis(Math.max(0, nowMs - command.commandedAtMs()))));
    text.append(" (").append(outstanding.isOverdue() ? "overdue; " : "");
    text.append(
            switch (outstanding.state()) {
              case PENDING -> "no result yet";
              case RETRYING -> "tried " + times(last.attempts()) + ", and tried again by itself";
              case FAILED -> "failed, a person has to act";
              case HELD -> "held until a person lets it go";
            })
        .append(')');
    var words = last.message() != null ? last.message() : last.code();
    if (words != null && !words.isBlank()) {
      text.append(": \"").append(Views.shortened(words, TEXT_MAX)).append('"');
    }
    return text.toString();
  }

  private static String times(int attempts) {
    return attempts == 1 ? "once" : attempts + " times";
  }

  /** Returns a duration in its largest unit, such as {@code 12 min}. */
  static String duration(Duration duration) {
    if (duration.toMinutes() < 1) {
      return duration.toSeconds() + " s";
    }
    if (duration.toHours() < 2) {
      return duration.toMinutes() + " min";
    }
    return duration.toDays() < 2 ? duration.toHours() + " h" : duration.toDays() + " days";
  }

  /**
   * Adds what is outstanding to an explanation.
   *
   * @param known the commands of the user and source; null if they are not known now
   * @param why why they are not known
   */
  public static ExplainView with(ExplainView view, @Nullable OfUser known, String why) {
    var types = new TreeSet<>(view.sourceTypes());
    if (known != null) {
      // A product that is gone names no type, but its REVOKE may be outstanding.
      known.items().forEach(each -> types.add(each.sourceType()));
    }
    var byPair = byPair(known);
    return view.with(
        types.stream()
            .map(type -> note(new SourceRef(view.sourceId(), type), byPair, known, why))
            .toList());
  }

  /**
   * Adds what is outstanding to a page of a user's sources.
   *
   * @param known the commands of the user; null if they are not known now
   * @param why why they are not known
   */
  public static Page<AccessView> with(Page<AccessView> page, @Nullable OfUser known, String why) {
    var byPair = byPair(known);
    return new Page<>(
        page.items().stream()
            .map(
                each ->
                    each.with(
                        note(
                            new SourceRef(each.sourceId(), each.sourceType()), byPair, known, why)))
            .toList(),
        page.next(),
        page.deactivated());
  }

  private static Map<SourceRef, DeliveryView> byPair(@Nullable OfUser known) {
    return known == null
        ? Map.of()
        : known.items().stream()
            .collect(
                Collectors.toMap(
                    each -> new SourceRef(each.sourceId(), each.sourceType()),
                    Function.identity(),
                    // Two partitions have it only if a foreign writer put it into a wrong one.
                    (first, second) -> first));
  }

  private static DeliveryNote note(
      SourceRef source, Map<SourceRef, DeliveryView> byPair, @Nullable OfUser known, String why) {
    var view = byPair.get(source);
    if (view != null) {
      return new DeliveryNote(
          source.sourceType(),
          true,
          view.action(),
          view.commandedAt(),
          view.state(),
          view.since(),
          view.overdueSince(),
          view.errorClass(),
          view.code(),
          view.message(),
          view.attempts(),
          view.executor(),
          view.says());
    }
    if (known == null) {
      return without(source, null, "whether a command is outstanding is not known now: " + why);
    }
    return known.complete()
        ? without(source, false, NOTHING)
        : without(
            source,
            null,
            "whether a command is outstanding is not known: the user has many outstanding commands,"
                + " and only the first ones were read; GET /v1/deliveries lists all");
  }

  private static DeliveryNote without(
      SourceRef source, @Nullable Boolean outstanding, String says) {
    return new DeliveryNote(
        source.sourceType(),
        outstanding,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        says);
  }

  /** Returns all states with no command in any. */
  public static Map<DeliveryState, Long> noStates() {
    var states = new EnumMap<DeliveryState, Long>(DeliveryState.class);
    for (var state : DeliveryState.values()) {
      states.put(state, 0L);
    }
    return states;
  }
}
