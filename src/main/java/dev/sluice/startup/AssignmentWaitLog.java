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
 * Says what a worker waits for while the group has not said which partitions are its own: mostly
 * for workers that ended without a word, and are members until their session is over.
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
   * Of one worker, which has not begun to wait.
   *
   * @param hasWork whether it knows which partitions are its own
   * @param out takes the sentences
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

  /** Says it, if it is time. */
  void look() throws InterruptedException {
    if (isDue()) {
      out.accept(sentence(group, members()));
    }
  }

  /** Whether it has been waiting for a while, and that was not said of late. */
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

  /** In words; with group.protocol=streams nobody says how many there are. */
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
