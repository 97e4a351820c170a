package dev.sluice.delivery.stage;

import dev.sluice.delivery.CommandAction;
import dev.sluice.delivery.DeliveryState;
import dev.sluice.delivery.ErrorClass;
import dev.sluice.delivery.Outstanding;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of the outstanding commands of one task, by kind: updated by the task's thread, read by
 * any thread. Types of sources are counted under a bounded number of names.
 */
public final class DeliveryStatistics {

  /**
   * A kind of outstanding commands.
   *
   * @param sourceType the type's name in the statistics
   * @param errorClass of FAILED ones; null for others
   */
  public record Kind(
      CommandAction action,
      String sourceType,
      DeliveryState state,
      @Nullable ErrorClass errorClass,
      boolean overdue) {}

  /**
   * The commands of one action and type.
   *
   * @param sourceType the type's name in the statistics
   */
  public record Group(CommandAction action, String sourceType) {}

  private final UnaryOperator<String> typeNames;
  private final Map<Kind, AtomicLong> counts = new ConcurrentHashMap<>();
  private volatile Map<Group, Long> oldestMs = Map.of();
  private volatile boolean counting = true;

  /**
   * Creates the statistics of a task whose commands are not counted yet.
   *
   * @param typeNames returns the name under which a type is counted, always the same for a type
   */
  public DeliveryStatistics(UnaryOperator<String> typeNames) {
    this.typeNames = typeNames;
  }

  /** Counts a change; null where there is no outstanding command. */
  void moved(@Nullable Outstanding before, @Nullable Outstanding after) {
    if (before != null) {
      add(before, -1);
    }
    if (after != null) {
      add(after, 1);
    }
  }

  private void add(Outstanding outstanding, int change) {
    counts.computeIfAbsent(kind(outstanding), kind -> new AtomicLong()).addAndGet(change);
  }

  private Kind kind(Outstanding outstanding) {
    var command = outstanding.command();
    return new Kind(
        command.action(),
        typeNames.apply(command.source().sourceType()),
        outstanding.state(),
        outstanding.state() == DeliveryState.FAILED ? outstanding.last().errorClass() : null,
        outstanding.isOverdue());
  }

  /** Notes that all commands that the task found at its start have been counted. */
  void counted() {
    counting = false;
  }

  /** Sets the times of the oldest commands, by action and type. */
  void oldest(Map<Group, Long> atMs) {
    oldestMs = Map.copyOf(atMs);
  }

  /**
   * Returns whether the commands that the task found at its start are still being counted. Until
   * then the numbers are too low.
   */
  public boolean isCounting() {
    return counting;
  }

  /** Visits the numbers of all kinds that there were; a number may be 0. */
  public void visit(BiConsumer<Kind, Long> visitor) {
    counts.forEach((kind, count) -> visitor.accept(kind, Math.max(0, count.get())));
  }

  /**
   * Returns the times at which the oldest outstanding commands were commanded, in milliseconds
   * since the epoch, as they were at most about a second ago.
   */
  public Map<Group, Long> oldestMs() {
    return oldestMs;
  }
}
