package dev.sluice.query.shard;

import dev.sluice.delivery.CommandAction;
import dev.sluice.delivery.DeliveryFilter;
import dev.sluice.delivery.DeliveryState;
import dev.sluice.delivery.Outstanding;
import java.util.List;

/**
 * Queries to one partition of the outstanding commands, local or remote. Between processes each
 * method is a {@link DeliveryCall}.
 */
public interface DeliveryShard {

  /**
   * Outstanding commands of one kind.
   *
   * @param sourceType the type's name in the statistics
   */
  record Count(
      CommandAction action,
      String sourceType,
      DeliveryState state,
      boolean overdue,
      long commands) {}

  /**
   * The oldest outstanding command of an action and type.
   *
   * @param sourceType the type's name in the statistics
   * @param commandedAtMs when it was commanded, in milliseconds since the epoch
   */
  record Oldest(CommandAction action, String sourceType, long commandedAtMs) {}

  /**
   * Numbers of one partition.
   *
   * @param counting whether they are too low, because the partition's commands are still being
   *     counted
   */
  record Statistics(List<Count> counts, List<Oldest> oldest, boolean counting) {}

  /**
   * A part of a list.
   *
   * @param items in the order of their places
   * @param reached the last place that was looked at; empty when there is no more
   */
  record Slice(List<Outstanding> items, String reached) {}

  /** Returns the numbers of outstanding commands. */
  Statistics statistics();

  /**
   * Returns outstanding commands that a filter chooses, after a place. Bounded work: the slice may
   * have few items or none although there are more.
   */
  Slice list(DeliveryFilter filter, String after, int max, int room);
}
