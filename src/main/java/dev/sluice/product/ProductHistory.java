package dev.sluice.product;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.update.SourceRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Earlier states and sources of a product, as far as they are kept: enough to explain why a user
 * has lost access. No decision reads them. Pure.
 *
 * @param stateSinceMs the time of the last change of the state, in milliseconds since the epoch; 0
 *     if an older version stored the product
 * @param removed the removed sources, the newest last; at most {@link #SOURCES_MAX}, and at most
 *     {@link #BYTES_MAX} together
 */
public record ProductHistory(long stateSinceMs, List<Removed> removed) {

  /** Maximum number of removed sources that are kept; the newest stay. */
  public static final int SOURCES_MAX = 24;

  /**
   * Maximum size of their ids and types together, in bytes: {@link RecordSize} leaves as much for
   * ids.
   */
  static final int BYTES_MAX = 1_536;

  /** The history of a product that an older version stored. */
  public static final ProductHistory UNKNOWN = new ProductHistory(0, List.of());

  /**
   * A source that was removed.
   *
   * @param sourceType the type; empty if an older version, which kept none, stored the source
   * @param atMs the time of the removal, in milliseconds since the epoch
   */
  public record Removed(String sourceId, String sourceType, long atMs) {

    /** Returns whether this is the given source; an unknown type matches every type. */
    public boolean is(SourceRef source) {
      return sourceId.equals(source.sourceId())
          && (sourceType.isEmpty() || sourceType.equals(source.sourceType()));
    }

    private int bytes() {
      return sourceId.getBytes(UTF_8).length + sourceType.getBytes(UTF_8).length;
    }
  }

  /** Copies the list. */
  public ProductHistory {
    removed = List.copyOf(removed);
  }

  /** Returns the history of a product that was just published. */
  public static ProductHistory since(long atMs) {
    return new ProductHistory(atMs, List.of());
  }

  /** Returns the history after a change of the product's state or sources. */
  public ProductHistory revised(
      boolean newState, Set<SourceRef> before, Set<SourceRef> after, long atMs) {
    var all = new ArrayList<Removed>();
    for (var source : removed) {
      if (after.stream().noneMatch(source::is)) {
        all.add(source);
      }
    }
    for (var source : before) {
      if (!after.contains(source)) {
        all.add(new Removed(source.sourceId(), source.sourceType(), atMs));
      }
    }
    return new ProductHistory(newState ? atMs : stateSinceMs, newest(all));
  }

  private static List<Removed> newest(List<Removed> all) {
    int from = all.size();
    int bytes = 0;
    while (from > 0 && all.size() - from < SOURCES_MAX) {
      bytes += all.get(from - 1).bytes();
      if (bytes > BYTES_MAX) {
        break;
      }
      from--;
    }
    return all.subList(from, all.size());
  }
}
