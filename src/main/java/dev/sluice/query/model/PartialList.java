package dev.sluice.query.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Some of what one part has, in order.
 *
 * @param more whether there is more after it; then it is not empty
 */
public record PartialList<T>(List<T> items, boolean more) {

  /** A part gives about so many characters at most, and one item whatever it has. */
  public static final int ROOM = 1 << 20;

  /** The most that any instance asks for at once. */
  private static final int MAX = 10_001;

  /** So many as are asked for, and not more than anybody may have. */
  public static int atMost(int max) {
    return Math.clamp(max, 0, MAX);
  }

  /** Takes items until there are enough, in number or in characters. */
  public static final class Taking<T> {
    private final List<T> items = new ArrayList<>();
    private final int max;
    private int room;
    private boolean more;

    public Taking(int max, int room) {
      this.max = atMost(max);
      this.room = Math.clamp(room, 0, ROOM);
    }

    /** Takes one; whether another is wanted, so that it is known whether there is more. */
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
