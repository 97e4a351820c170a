package dev.sluice.product;

import dev.sluice.event.DataSource;
import dev.sluice.update.SourceRef;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Converts the sources of an event to a set. */
final class SourceSet {

  private SourceSet() {}

  /** Returns each source once; the same id with two types is two sources. */
  static SortedSet<SourceRef> of(List<DataSource> given) {
    var sources = new TreeSet<SourceRef>();
    given.forEach(s -> sources.add(new SourceRef(s.sourceId(), s.sourceType())));
    return sources;
  }
}
