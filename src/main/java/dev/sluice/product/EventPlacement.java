package dev.sluice.product;

import org.jspecify.annotations.Nullable;

/** Knows in which partition of product-events a product's events belong. */
@FunctionalInterface
public interface EventPlacement {

  /** Takes any partition for the right one. */
  EventPlacement ANY = (productId, partition) -> null;

  /**
   * What is wrong with an event's place.
   *
   * @param wrong what is so, in words
   * @param remedy what to do about it, in words
   */
  record Misplaced(String wrong, String remedy) {}

  /**
   * Looks whether events of that product belong in that partition.
   *
   * @param partition from 0
   * @return null where they do
   */
  @Nullable Misplaced check(String productId, int partition);
}
