package dev.sluice.worker;

import dev.sluice.offsets.GroupOffsetsClient;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** A running part of this process that a {@link WorkerMonitor} reads. */
public interface Monitored {

  /** Returns the current status. */
  WorkerStatus status();

  /** Returns the partitions that it reads, or will read once their state is restored. */
  Set<TopicPartition> inputs();

  /** Returns a client for the group's offsets and lag; it fails once the part is closed. */
  GroupOffsetsClient offsets();
}
