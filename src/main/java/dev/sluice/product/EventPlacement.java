package dev.sluice.product;

import org.jspecify.annotations.Nullable;

/** Checks the partition of product-events in which a product's events are. */
@FunctionalInterface
public interface EventPlacement {

  /** Accepts every partition. */
  EventPlacement ANY = (productId, partition) -> null;

  /**
   * A fault of an event's partition.
   *
   * @param wrong the fault, in words
   * @param remedy the advice, in words
   */
  record Misplaced(String wrong, String remedy) {}

  /**
   * Checks whether events of a product belong in a partition.
   *
   * @param partition from 0
   * @return null if they do
   */
  @Nullable Misplaced check(String productId, int partition);
}
