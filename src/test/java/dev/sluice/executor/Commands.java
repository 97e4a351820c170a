package dev.sluice.executor;

import dev.sluice.delivery.Command;
import dev.sluice.delivery.CommandAction;
import dev.sluice.delivery.CommandNumber;
import dev.sluice.update.SourceRef;
import java.util.List;

/** Commands for tests. */
final class Commands {
  static final BrakeLimits NO_BRAKE = BrakeLimits.OFF;

  private Commands() {}

  static SourceRef source(String id) {
    return new SourceRef(id, "PostgreSQL");
  }

  static Command grant(String user, String source, long revision) {
    return command(CommandAction.GRANT, user, source, revision, "ACCESS_APPROVED");
  }

  static Command revoke(String user, String source, long revision, String reason) {
    return command(CommandAction.REVOKE, user, source, revision, reason);
  }

  static Command revoke(String user, String source, long revision) {
    return revoke(user, source, revision, "PRODUCT_SUSPENDED");
  }

  static Command command(
      CommandAction action, String user, String source, long revision, String reason) {
    return new Command(
        user, source(source), action, new CommandNumber(0, revision), "p", reason, revision);
  }

  static Place place(Command command) {
    return new Place("TABLE", List.of(command.source().sourceId()), null, command.userId());
  }

  static ExecutorRules rules(int batchMax, BrakeLimits ofSource, BrakeLimits ofPlatform) {
    return new ExecutorRules(
        batchMax,
        new Backoff(1_000, 60_000),
        600_000,
        300_000,
        2_000,
        ofSource,
        ofPlatform,
        false,
        "test");
  }
}
