package dev.sluice.update.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sluice.update.AccessUpdate.MembershipChanged;
import dev.sluice.update.AccessUpdate.ProductRevised;
import dev.sluice.update.AccessUpdate.ProductSnapshot;
import dev.sluice.update.AccessUpdate.Trigger;
import dev.sluice.update.CommandReason;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserPartitionsTest {
  private static final Trigger CAUSE = new Trigger("e1", 0);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 32, 1000})
  void shouldPutUsersWhereKafkaItselfWould(int count) {
    var partitions = new UserPartitions(count);

    for (int i = 0; i < 2000; i++) {
      var userId = "üser-" + i * 7919;
      assertThat(partitions.applyAsInt(userId))
          .as(userId)
          .isEqualTo(BuiltInPartitioner.partitionForKey(userId.getBytes(UTF_8), count));
    }
  }

  @Test
  void shouldSendAMembershipToItsUsersPartition() {
    var partitions = new UserPartitions(8);
    var update =
        new MembershipChanged("p1", CAUSE, "ana", true, false, CommandReason.ACCESS_APPROVED);

    assertThat(partitions.partitions("t", "ana", update, 8))
        .contains(Set.of(partitions.applyAsInt("ana")));
  }

  @Test
  void shouldSendARevisionToEveryPartitionThatItNames() {
    var copy = new ProductSnapshot(2, true, new TreeSet<>());
    var update =
        new ProductRevised("p1", CAUSE, copy, false, new TreeSet<>(List.of(0, 5)), List.of());

    assertThat(new UserPartitions(8).partitions("t", "p1", update, 8)).contains(Set.of(0, 5));
  }

  @Test
  void shouldFailOnATopicWithAnotherNumberOfPartitions() {
    var update =
        new MembershipChanged("p1", CAUSE, "ana", true, false, CommandReason.ACCESS_APPROVED);

    assertThatIllegalStateException()
        .isThrownBy(() -> new UserPartitions(8).partitions("t", "ana", update, 6))
        .withMessage("topic t has 6 partitions, access.partitions says 8");
  }
}
