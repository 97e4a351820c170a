package dev.sluice.product;

import org.jspecify.annotations.Nullable;

/** Checks the partition of an input in which the events of a product, or of a user, are. */
@FunctionalInterface
public interface EventPlacement {

  /** Accepts every partition. */
  EventPlacement ANY = (id, partition) -> null;

  /**
   * A fault of an event's partition.
   *
   * @param wrong the fault, in words
   * @param remedy the advice, in words
   */
  record Misplaced(String wrong, String remedy) {}

  /**
   * Checks whether events of a product, or of a user, belong in a partition.
   *
   * @param partition from 0
   * @return null if they do
   */
  @Nullable Misplaced check(String id, int partition);
}
