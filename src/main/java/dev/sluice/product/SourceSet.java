package dev.sluice.product;

import dev.sluice.event.DataSource;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The sources that an event names, as a set; or what is wrong with them.
 *
 * @param sources type by sourceId
 * @param conflict which source has two types; null when none
 */
record SourceSet(SortedMap<String, String> sources, @Nullable String conflict) {

  /**
   * Repetitions with the same type are one.
   *
   * @param held what the product holds now, type by sourceId
   */
  static SourceSet of(List<DataSource> given, SortedMap<String, String> held) {
    var sources = new TreeMap<String, String>();
    for (var source : given) {
      var id = source.sourceId();
      var earlier = sources.put(id, source.sourceType());
      if (earlier != null && !earlier.equals(source.sourceType())) {
        return conflict(id, "is given as " + earlier + " and as " + source.sourceType());
      }
      var before = held.get(id);
      if (before != null && !before.equals(source.sourceType())) {
        return conflict(id, "is " + before + " in the product, not " + source.sourceType());
      }
    }
    return new SourceSet(sources, null);
  }

  private static SourceSet conflict(String sourceId, String how) {
    return new SourceSet(new TreeMap<>(), "source " + EventIds.quoted(sourceId) + " " + how);
  }
}
