package dev.sluice.product;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.update.SourceRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a product was before, as far as it is kept: enough to say why somebody has no access any
 * more. Nothing is decided by it. Pure.
 *
 * @param stateSinceMs when its state became what it is, in milliseconds since the epoch; 0 where an
 *     older version stored the product
 * @param removed the sources that it does not have any more, those that were removed last at the
 *     end; no more than {@link #SOURCES_MAX}, and no longer than {@link #BYTES_MAX} together
 */
public record ProductHistory(long stateSinceMs, List<Removed> removed) {

  /** So many removed sources are kept, the newest. */
  public static final int SOURCES_MAX = 24;

  /** So many bytes their ids and types take together: {@link RecordSize} leaves as much for ids. */
  static final int BYTES_MAX = 1_536;

  /** Of a product of which it is not known. */
  public static final ProductHistory UNKNOWN = new ProductHistory(0, List.of());

  /**
   * A source that was removed.
   *
   * @param sourceType its type; empty where an older version stored it, which kept none
   * @param atMs when, in milliseconds since the epoch
   */
  public record Removed(String sourceId, String sourceType, long atMs) {

    /** Whether it is that one, as far as is known. */
    public boolean is(SourceRef source) {
      return sourceId.equals(source.sourceId())
          && (sourceType.isEmpty() || sourceType.equals(source.sourceType()));
    }

    private int bytes() {
      return sourceId.getBytes(UTF_8).length + sourceType.getBytes(UTF_8).length;
    }
  }

  /** Keeps its own copy. */
  public ProductHistory {
    removed = List.copyOf(removed);
  }

  /** Of a product that has just come to be. */
  public static ProductHistory since(long atMs) {
    return new ProductHistory(atMs, List.of());
  }

  /** After the product's state or its sources became others. */
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
