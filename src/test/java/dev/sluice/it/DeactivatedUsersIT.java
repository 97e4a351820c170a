package dev.sluice.it;

import static dev.sluice.event.Events.approved;
import static dev.sluice.event.Events.published;
import static dev.sluice.event.Events.replaced;
import static dev.sluice.user.UserEvents.deactivated;
import static dev.sluice.user.UserEvents.reactivated;
import static dev.sluice.user.UserEvents.sequenced;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.SluiceConfig;
import dev.sluice.event.Event;
import dev.sluice.event.ProductEvent;
import dev.sluice.event.UserEvent;
import dev.sluice.sim.Model;
import dev.sluice.sim.ModelUsers;
import dev.sluice.testing.CommittedLog;
import dev.sluice.testing.TestCluster;
import dev.sluice.testing.Workers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Events about users on a real broker, whose topic has more partitions than that of the products:
 * taken and given back across a restart, a lost state, and a second worker.
 */
class DeactivatedUsersIT {
  private static final int USERS = 8;

  @RegisterExtension static final TestCluster CLUSTER = TestCluster.shared();

  private static SluiceConfig config(String id, String folder) {
    return CLUSTER.config(
        id,
        folder,
        Map.of(
            "schema.registry.url", CLUSTER.registry().url(),
            "topic.partitions", "3",
            "access.partitions", "2",
            "threads", "2"));
  }

  private static List<Event> history() {
    var random = new Random(3);
    var events = new ArrayList<Event>();
    var ids = new String[40];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = "s" + i;
    }
    for (int p = 0; p < 4; p++) {
      events.add(published("p" + p, ids));
      for (int u = 0; u < USERS; u++) {
        events.add(approved("p" + p, "r" + p + "-" + u, "u" + u));
      }
    }
    for (int i = 0; i < 60; i++) {
      var user = "u" + random.nextInt(USERS);
      events.add(sequenced(i, random.nextInt(3) > 0 ? deactivated(user) : reactivated(user)));
      if (i % 10 == 0) {
        events.add(replaced("p" + i / 10 % 4, "s1", "t" + i));
      }
    }
    return events;
  }

  private static void agree(SluiceConfig config, List<Event> events) {
    var model = new Model();
    var users = new ModelUsers();
    for (var event : events) {
      switch (event) {
        case ProductEvent e -> model.apply(e.productId(), e, Instant.now());
        case UserEvent e -> users.apply(e.userId(), e, id -> true);
      }
    }
    var expected = new HashSet<>(model.access());
    expected.removeIf(access -> !users.isActive(access.userId()));
    var log = CommittedLog.read(config);
    assertThat(log.breaches()).isEmpty();
    assertThat(log.access()).isEqualTo(expected);
    assertThat(log.rejections).isEmpty();
  }

  @Test
  void shouldTakeAndGiveBackTheAccessOfUsersAcrossARestartAndALostState() throws Exception {
    var first = config("leavers", "leavers-a");
    var events = history();
    var third = events.size() / 3;
    try (var worker = Workers.running(first)) {
      Workers.publish(first, events.subList(0, third));
      Workers.settle(first, worker::failIfEnded);
      agree(first, events.subList(0, third));
      Workers.publish(first, events.subList(third, 2 * third));
    }
    var second = config("leavers", "leavers-b");
    try (var one = Workers.running(second);
        var other = Workers.running(config("leavers", "leavers-c"))) {
      Workers.publish(second, events.subList(2 * third, events.size()));
      Workers.settle(
          second,
          () -> {
            one.failIfEnded();
            other.failIfEnded();
          });
    }
    agree(second, events);
  }
}
