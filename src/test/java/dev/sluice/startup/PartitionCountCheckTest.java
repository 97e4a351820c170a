package dev.sluice.startup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.SluiceConfig;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PartitionCountCheckTest {
  private static final String UPDATES = "w-access-updates-repartition";
  private final Map<String, Integer> partitions =
      new HashMap<>(
          Map.of(
              "product-events",
              6,
              UPDATES,
              3,
              "w-products-changelog",
              6,
              "w-memberships-changelog",
              3));

  private final PartitionCountCheck check =
      new PartitionCountCheck(
          new InternalTopics(
              Map.of("w-products-changelog", "product-events", "w-memberships-changelog", UPDATES)),
          SluiceConfig.of(Map.of("application.id", "w")));

  @Test
  void shouldFindNothingWhereNumbersAgreeOrThereIsNoStateYet() {
    assertThat(check.problem(partitions)).isNull();
    assertThat(check.problem(Map.of("product-events", 12))).isNull();
    assertThat(check.problem(Map.of("w-products-changelog", 6))).isNull();
  }

  @Test
  void shouldSayThatPartitionsWereAddedToTheEvents() {
    partitions.put("product-events", 12);

    assertThat(check.problem(partitions))
        .startsWith(
            "topic product-events has 12 partitions, but the state was made with 6 (as many as"
                + " w-products-changelog has): partitions were added")
        .contains("topic.prefix to a new one, topic.partitions=12")
        .contains("publish every event of product-events again");
  }

  @Test
  void shouldSayThatPartitionsWereAddedBetweenTheStages() {
    partitions.put(UPDATES, 4);

    assertThat(check.problem(partitions))
        .startsWith("topic " + UPDATES + " has 4 partitions, but the state was made with 3")
        .contains("begin anew", "commands.epoch");
  }

  @Test
  void shouldSayThatATopicWasMadeAnewWithFewer() {
    partitions.put("product-events", 3);

    assertThat(check.problem(partitions)).contains("deleted and created again with fewer");
  }
}
