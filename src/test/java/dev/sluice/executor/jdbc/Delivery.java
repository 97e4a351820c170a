package dev.sluice.executor.jdbc;

import dev.sluice.delivery.Command;
import dev.sluice.delivery.CommandAction;
import dev.sluice.delivery.CommandNumber;
import dev.sluice.delivery.Result;
import dev.sluice.executor.Backoff;
import dev.sluice.executor.BrakeLimits;
import dev.sluice.executor.ExecutorRules;
import dev.sluice.executor.ExecutorWork;
import dev.sluice.executor.MemoryPairs;
import dev.sluice.executor.platform.GrantTarget;
import dev.sluice.executor.platform.Names;
import dev.sluice.executor.platform.StepRunner;
import dev.sluice.update.SourceRef;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An executor without Kafka, at a clock that the test sets. */
final class Delivery {
  /** Enough for every retry, also one that waits for a person. */
  static final long LATER_MS = 1_000_000;

  private final ExecutorWork work;
  private final StepRunner runner;
  private long revision;
  private long nowMs = 1_000_000;

  Delivery(GrantTarget target, Names names) {
    work =
        new ExecutorWork(
            new ExecutorRules(
                100,
                new Backoff(1_000, 60_000),
                600_000,
                300_000,
                0,
                BrakeLimits.OFF,
                BrakeLimits.OFF,
                false,
                "test"),
            new MemoryPairs());
    runner = new StepRunner(target, names, () -> nowMs);
  }

  ExecutorWork work() {
    return work;
  }

  List<Result> grant(String source, String... users) {
    return command(CommandAction.GRANT, source, users);
  }

  List<Result> revoke(String source, String... users) {
    return command(CommandAction.REVOKE, source, users);
  }

  private List<Result> command(CommandAction action, String source, String... users) {
    Arrays.stream(users)
        .forEach(
            user ->
                work.accept(
                    new Command(
                        user,
                        new SourceRef(source, "PostgreSQL"),
                        action,
                        new CommandNumber(0, ++revision),
                        "p",
                        action == CommandAction.GRANT ? "ACCESS_APPROVED" : "PRODUCT_SUSPENDED",
                        nowMs),
                    nowMs));
    work.commit();
    return run();
  }

  /** Goes on until nothing is to be done now. */
  List<Result> run() {
    var results = new ArrayList<Result>();
    while (runner.step(work)) {
      results.addAll(work.commit());
    }
    return results;
  }

  List<Result> later() {
    nowMs += LATER_MS;
    return run();
  }
}
