package dev.sluice.delivery;

import dev.sluice.update.SourceRef;
import org.jspecify.annotations.Nullable;

/** Commands and results for tests; all of one user and source. */
public final class Deliveries {
  public static final String USER = "ana";
  public static final SourceRef ORDERS = new SourceRef("orders", "Snowflake");

  private Deliveries() {}

  /** A GRANT for odd revisions, a REVOKE for even ones, as the worker alternates. */
  public static Command command(int epoch, long revision, long atMs) {
    return new Command(
        USER,
        ORDERS,
        revision % 2 == 1 ? CommandAction.GRANT : CommandAction.REVOKE,
        new CommandNumber(epoch, revision),
        "p1",
        "ACCESS_APPROVED",
        atMs);
  }

  public static Command command(long revision, long atMs) {
    return command(0, revision, atMs);
  }

  public static Result applied(Command command, long atMs) {
    return result(command, ResultOutcome.APPLIED, null, null, 1, atMs);
  }

  public static Result failed(Command command, @Nullable ErrorClass of, String message, long atMs) {
    return result(command, ResultOutcome.FAILED, of, message, 1, atMs);
  }

  public static Result held(Command command, long atMs) {
    return result(command, ResultOutcome.HELD, null, "too many revokes", 1, atMs);
  }

  public static Result result(
      Command command,
      ResultOutcome outcome,
      @Nullable ErrorClass of,
      @Nullable String message,
      int attempts,
      long atMs) {
    return new Result(
        command.userId(),
        command.source(),
        command.action(),
        command.number(),
        outcome,
        ResultDetails.of(outcome, of, null, message, attempts, "x1"),
        atMs);
  }
}
