package dev.sluice.runtime;

import dev.sluice.access.SetAside;
import dev.sluice.access.SetAside.Input;
import dev.sluice.access.SetAside.Place;
import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.topology.UpdatesTopic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;

/** Looks for entries of records.set.aside that will never come any more. */
final class AsideLook {
  private final SetAside setAside;
  private final SluiceConfig config;
  private final GroupOffsets offsets;

  AsideLook(Admin admin, SluiceConfig config) {
    this.setAside = SetAside.of(config.recordsSetAside());
    this.config = config;
    this.offsets = new GroupOffsets(admin, config.applicationId());
  }

  /** A sentence for each. */
  List<String> warnings() {
    if (setAside.places().isEmpty()) {
      return List.of();
    }
    var passed = new HashMap<TopicPartition, Long>();
    offsets.committed().forEach(passed::put);
    return warnings(setAside, passed, names(config));
  }

  private static Map<Input, String> names(SluiceConfig config) {
    return Map.of(
        Input.EVENTS,
        new Topics(config.topicPrefix()).productEvents(),
        Input.UPDATES,
        UpdatesTopic.of(config.applicationId()));
  }

  /**
   * A sentence for each entry behind which the group is already.
   *
   * @param committed the next offset of the group in each partition
   * @param names of the inputs' topics
   */
  static List<String> warnings(
      SetAside setAside, Map<TopicPartition, Long> committed, Map<Input, String> names) {
    var warnings = new ArrayList<String>();
    for (Place place : setAside.places()) {
      var topic = String.valueOf(names.get(place.input()));
      var next = committed.getOrDefault(new TopicPartition(topic, place.partition()), 0L);
      if (next > place.offset()) {
        warnings.add(
            ("records.set.aside names %s, but the group has gone past it (it reads %s partition %d"
                    + " from offset %d on): remove the entry")
                .formatted(place, topic, place.partition(), next));
      }
    }
    warnings.sort(null);
    return warnings;
  }
}
