package dev.sluice.startup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.streams.SetAsideRecords;
import dev.sluice.streams.SetAsideRecords.Input;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class SetAsideCheckTest {

  @Test
  void shouldNameTheEntriesThatWillNeverComeAnyMore() {
    var warnings =
        SetAsideCheck.warnings(
            SetAsideRecords.of(
                List.of("access-updates:3:1234", "access-updates:3:1235", "product-events:0:7")),
            Map.of(new TopicPartition("w-updates", 3), 1235L),
            Map.of(Input.EVENTS, "x.product-events", Input.UPDATES, "w-updates"));

    assertThat(warnings)
        .containsExactly(
            "records.set.aside names access-updates:3:1234, but the group is already past it (it"
                + " reads w-updates partition 3 from offset 1235 on): remove the entry");
  }
}
