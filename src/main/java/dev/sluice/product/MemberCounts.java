package dev.sluice.product;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How many members a product has in each user partition, so that its revisions go only where
 * somebody needs them.
 *
 * @param perPartition members by partition; a missing tail means none
 */
public record MemberCounts(List<Long> perPartition) {

  /** No members. */
  public static final MemberCounts NONE = new MemberCounts(List.of());

  /** Keeps its own copy. */
  public MemberCounts {
    perPartition = List.copyOf(perPartition);
  }

  /** The members in one partition. */
  public long in(int partition) {
    return partition < perPartition.size() ? perPartition.get(partition) : 0;
  }

  /** The partitions that hold a member. */
  public SortedSet<Integer> partitions() {
    var partitions = new TreeSet<Integer>();
    for (int i = 0; i < perPartition.size(); i++) {
      if (perPartition.get(i) > 0) {
        partitions.add(i);
      }
    }
    return partitions;
  }

  /**
   * The counts after a member came or went.
   *
   * @param change 1 or -1
   * @throws IllegalStateException when there was no member to go
   */
  public MemberCounts changed(int partition, int change) {
    var counts = new ArrayList<>(perPartition);
    while (counts.size() <= partition) {
      counts.add(0L);
    }
    long count = counts.get(partition) + change;
    if (count < 0) {
      throw new IllegalStateException("no member counted in partition " + partition);
    }
    counts.set(partition, count);
    return new MemberCounts(counts);
  }
}
