package dev.sluice.product;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The number of a product's members in each user partition. Revisions go only to partitions that
 * have members.
 *
 * @param perPartition members by partition; a missing tail means none
 */
public record MemberCounts(List<Long> perPartition) {

  /** No members. */
  public static final MemberCounts NONE = new MemberCounts(List.of());

  /** Copies the list. */
  public MemberCounts {
    perPartition = List.copyOf(perPartition);
  }

  /** Returns the number of members in one partition. */
  public long in(int partition) {
    return partition < perPartition.size() ? perPartition.get(partition) : 0;
  }

  /** Returns the partitions that have members. */
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
   * Returns the counts after a member joined or left.
   *
   * @param change 1 or -1
   * @throws IllegalStateException if there was no member to leave
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
