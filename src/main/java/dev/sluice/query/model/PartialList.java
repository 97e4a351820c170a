package dev.sluice.query.model;

import java.util.ArrayList;
import java.util.List;

/**
 * A sorted part of one shard's items.
 *
 * @param more whether more items follow; then the list is not empty
 */
public record PartialList<T>(List<T> items, boolean more) {

  /** Maximum size of a shard's answer, in characters; one item is returned whatever its size. */
  public static final int ROOM = 1 << 20;

  /** Maximum number of items that any worker requests at once. */
  private static final int MAX = 10_001;

  /** Returns the requested number of items, bounded by the maximum. */
  public static int atMost(int max) {
    return Math.clamp(max, 0, MAX);
  }

  /** Collects items up to a maximum number or size. */
  public static final class Taking<T> {
    private final List<T> items = new ArrayList<>();
    private final int max;
    private int room;
    private boolean more;

    public Taking(int max, int room) {
      this.max = atMost(max);
      this.room = Math.clamp(room, 0, ROOM);
    }

    /**
     * Adds an item; returns whether another one is wanted, which also shows whether more items
     * exist.
     */
    public boolean take(T item) {
      if (items.size() >= max || room <= 0 && !items.isEmpty()) {
        more = !items.isEmpty();
        return false;
      }
      items.add(item);
      room -= item.toString().length();
      return true;
    }

    public PartialList<T> slice() {
      return new PartialList<>(items, more);
    }
  }
}
