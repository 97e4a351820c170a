package dev.sluice.startup;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs the reason while the worker waits for an assignment of partitions: mostly for killed
 * workers, which remain members until their session ends.
 */
final class AssignmentWaitLog {
  private static final Logger DEBUG = LoggerFactory.getLogger(AssignmentWaitLog.class);
  private static final long PATIENCE_NS = Duration.ofSeconds(5).toNanos();
  private static final long AGAIN_NS = Duration.ofSeconds(30).toNanos();

  private final Admin admin;
  private final String group;
  private final BooleanSupplier hasWork;
  private final LongSupplier clockNs;
  private final Consumer<String> out;
  private long dueAtNs;
  private boolean waiting;

  /**
   * Creates the log of one worker.
   *
   * @param hasWork whether the worker has an assignment
   * @param out receives the sentences
   */
  AssignmentWaitLog(
      Admin admin,
      String group,
      BooleanSupplier hasWork,
      LongSupplier clockNs,
      Consumer<String> out) {
    this.admin = admin;
    this.group = group;
    this.hasWork = hasWork;
    this.clockNs = clockNs;
    this.out = out;
  }

  /** Logs the wait if the interval has passed. */
  void logIfDue() throws InterruptedException {
    if (isDue()) {
      out.accept(sentence(group, members()));
    }
  }

  /** Returns whether the wait is long, and was not logged recently. */
  boolean isDue() {
    if (hasWork.getAsBoolean()) {
      waiting = false;
      return false;
    }
    var now = clockNs.getAsLong();
    if (!waiting) {
      waiting = true;
      dueAtNs = now + PATIENCE_NS;
    }
    if (now - dueAtNs < 0) {
      return false;
    }
    dueAtNs = now + AGAIN_NS;
    return true;
  }

  /** Returns the number of members as text; unknown with group.protocol=streams. */
  private List<String> members() throws InterruptedException {
    try {
      var described = admin.describeConsumerGroups(List.of(group)).describedGroups().get(group);
      return described == null
          ? List.of()
          : described.get().members().stream().map(member -> member.clientId()).sorted().toList();
    } catch (ExecutionException e) {
      DEBUG.debug("cannot read the members of {}", group, e);
      return List.of();
    }
  }

  static String sentence(String group, List<String> members) {
    return "waiting until group %s has assigned its partitions%s; threads of a killed worker count as members until session.timeout.ms has passed (10 s by default)"
        .formatted(
            group, members.isEmpty() ? "" : " among its members " + String.join(", ", members));
  }
}
