package dev.sluice.product;

import dev.sluice.event.DataSource;
import dev.sluice.update.SourceRef;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** The sources that an event names, as a set. */
final class SourceSet {

  private SourceSet() {}

  /** Repetitions are one; the same id under two types is two sources. */
  static SortedSet<SourceRef> of(List<DataSource> given) {
    var sources = new TreeSet<SourceRef>();
    given.forEach(s -> sources.add(new SourceRef(s.sourceId(), s.sourceType())));
    return sources;
  }
}
