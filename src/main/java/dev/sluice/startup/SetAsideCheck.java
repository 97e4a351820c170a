package dev.sluice.startup;

import dev.sluice.config.SluiceConfig;
import dev.sluice.config.WorkerKeys;
import dev.sluice.contract.Topics;
import dev.sluice.offsets.GroupOffsetsClient;
import dev.sluice.streams.SetAsideRecords;
import dev.sluice.streams.SetAsideRecords.Input;
import dev.sluice.streams.SetAsideRecords.Place;
import dev.sluice.update.UpdatesTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** Finds entries of records.set.aside that the group has already passed. */
final class SetAsideCheck {
  private final GroupOffsetsClient offsets;
  private final SluiceConfig config;
  private final SetAsideRecords setAsideRecords;

  SetAsideCheck(GroupOffsetsClient offsets, SluiceConfig config) {
    this.offsets = offsets;
    this.config = config;
    this.setAsideRecords = SetAsideRecords.of(config.get(WorkerKeys.RECORDS_SET_ASIDE));
  }

  /** Returns a sentence for each entry. */
  List<String> warnings() {
    if (setAsideRecords.places().isEmpty()) {
      return List.of();
    }
    return warnings(setAsideRecords, offsets.committed(), names(config));
  }

  private static Map<Input, String> names(SluiceConfig config) {
    return Map.of(
        Input.EVENTS,
        new Topics(config.topicPrefix()).productEvents(),
        Input.USERS,
        new Topics(config.topicPrefix()).userEvents(),
        Input.UPDATES,
        UpdatesTopic.of(config.applicationId()));
  }

  /**
   * Returns a sentence for each passed entry.
   *
   * @param committed the next offset of the group in each partition
   * @param names names of the inputs' topics
   */
  static List<String> warnings(
      SetAsideRecords setAsideRecords,
      Map<TopicPartition, Long> committed,
      Map<Input, String> names) {
    var warnings = new ArrayList<String>();
    for (Place place : setAsideRecords.places()) {
      var topic = String.valueOf(names.get(place.input()));
      var next = committed.getOrDefault(new TopicPartition(topic, place.partition()), 0L);
      if (next > place.offset()) {
        warnings.add(
            ("records.set.aside names %s, but the group is already past it (it reads %s partition"
                    + " %d from offset %d on): remove the entry")
                .formatted(place, topic, place.partition(), next));
      }
    }
    warnings.sort(null);
    return warnings;
  }
}
