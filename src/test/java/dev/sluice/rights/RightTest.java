package dev.sluice.rights;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;

class RightTest {
  private static final RightNames NAMES = new RightNames("test.", "mine", "readers");

  @Test
  void shouldSayWhatIsLackedForWhatAndHowToGiveIt() {
    assertThat(Right.WRITE_STATE.lacked(NAMES, "host:1", List.of("mine-products-changelog")))
        .isEqualTo(
            "the Kafka user of the worker lacks the right WRITE to topic"
                + " mine-products-changelog (stores its state, and writes the records between its"
                + " stages); grant it: kafka-acls.sh --bootstrap-server host:1 --add"
                + " --allow-principal User:NAME --operation Write --topic mine-"
                + " --resource-pattern-type prefixed");
  }

  @Test
  void shouldNameThePatternWhereNoNameIsKnown() {
    assertThat(Right.READ_AS_CONSUMER.lacked(NAMES, "host:1", List.of()))
        .contains("the right READ to group readers (")
        .endsWith("--operation Read --group readers");
    assertThat(Right.WRITE_TRANSACTIONS.lacked(NAMES, "host:1", List.of()))
        .contains("the right WRITE to transactional id mine-* (")
        .endsWith("--transactional-id mine- --resource-pattern-type prefixed");
  }

  @Test
  void shouldCoverTheTopicsOfItsPatternAlone() {
    assertThat(Right.READ_STATE.covers("mine-products-changelog", NAMES)).isTrue();
    assertThat(Right.READ_STATE.covers("mine", NAMES)).isFalse();
    assertThat(Right.READ_EVENTS.covers("test.product-events", NAMES)).isTrue();
    assertThat(Right.READ_EVENTS.covers("test.product-events-2", NAMES)).isFalse();
    assertThat(Right.READ_AS_WORKERS.covers("mine", NAMES)).isFalse();
  }

  @Test
  void shouldAskForNothingOnTheClusterAndForNoDeletionButOfItsOwnUpdates() {
    assertThat(Right.values()).noneMatch(right -> right.type() == ResourceType.CLUSTER);
    assertThat(Arrays.stream(Right.values()).filter(r -> r.operation() == AclOperation.DELETE))
        .singleElement()
        .satisfies(
            right ->
                assertThat(right.patterns(NAMES))
                    .containsExactly("mine-access-updates-repartition"));
  }
}
