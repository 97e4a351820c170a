package dev.sluice.cli;

import dev.sluice.avro.AccessDelivery;
import dev.sluice.avro.AccessResult;
import dev.sluice.text.Visible;
import org.jspecify.annotations.Nullable;

/** Formats results and deliveries as lines for people. */
final class DeliveryLines {

  private DeliveryLines() {}

  static String of(AccessResult r) {
    return line(r.getAction(), r.getUserId(), r.getSourceId(), r.getSourceType(), r.getOutcome())
        + details(r.getErrorClass(), r.getCode(), r.getMessage(), r.getAttempts(), r.getExecutor());
  }

  static String of(AccessDelivery d) {
    return line(d.getAction(), d.getUserId(), d.getSourceId(), d.getSourceType(), d.getState())
        + (d.getOverdueSince() == null ? "" : " overdue since " + d.getOverdueSince())
        + details(d.getErrorClass(), d.getCode(), d.getMessage(), d.getAttempts(), d.getExecutor());
  }

  /** Returns a line for a key under which nothing is outstanding any more. */
  static String confirmed(String key) {
    var parts = key.split("\\|", 3);
    return parts.length < 3
        ? "CONFIRMED " + Visible.line(key)
        : line("", parts[0], parts[2], parts[1], "CONFIRMED");
  }

  private static String line(
      Object action, String userId, String sourceId, String sourceType, Object state) {
    return "%-6s %-10s %-24s %-12s %-9s"
        .formatted(
            action, Visible.line(userId), Visible.line(sourceId), Visible.line(sourceType), state);
  }

  private static String details(
      @Nullable Object errorClass,
      @Nullable String code,
      @Nullable String message,
      int attempts,
      @Nullable String executor) {
    return (errorClass == null ? "" : " " + errorClass)
        + (attempts > 1 ? " after " + attempts + " attempts" : "")
        + (executor == null ? "" : " by " + Visible.line(executor))
        + (code == null ? "" : " [" + Visible.line(code) + "]")
        + (message == null ? "" : ": " + Visible.line(message));
  }
}
