package dev.sluice.topology;

import static dev.sluice.event.Events.approved;
import static dev.sluice.event.Events.published;
import static dev.sluice.event.Events.suspended;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.access.command.SimulatedCommandProducer;
import dev.sluice.access.command.SimulatedCommandProducer.Trouble;
import dev.sluice.avro.AccessCommand;
import dev.sluice.sim.Contract;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

/** The two ways of commands to the broker lead to the same. */
class CommandPathTopologyTest {
  private static final int MEMBERS = 10;
  private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  private static SimulatedCommandProducer producer(Trouble trouble) {
    return new SimulatedCommandProducer(
        Driver.TOPICS.accessCommands(), Contract.serializer(), trouble, 0);
  }

  /** Each member gets two sources, and loses both at once; that event has a trace. */
  private static List<TestRecord<String, AccessCommand>> commands(
      SimulatedCommandProducer producer) {
    try (var driver = new Driver(producer)) {
      driver.put(published("p1", "s1", "s2"));
      for (int i = 0; i < MEMBERS; i++) {
        driver.put(approved("p1", "r" + i, "u" + i));
      }
      driver.put(
          "p1".getBytes(UTF_8),
          Driver.bytes(suspended("p1")),
          new RecordHeaders().add("traceparent", TRACE.getBytes(UTF_8)),
          Driver.NOW);
      return driver.commandRecords();
    }
  }

  @Test
  void shouldWriteTheSameCommandsInTheSameOrderInBothWays() {
    var sink = producer(new Trouble(false, 0, 0, 0));
    var direct = producer(Trouble.NONE);
    var both = producer(new Trouble(true, 2, 0, 1));
    var expected = commands(sink);

    assertThat(expected).hasSize(4 * MEMBERS);
    assertThat(commands(direct)).isEqualTo(expected);
    assertThat(commands(both)).isEqualTo(expected);

    // The first of each update goes through the sink in any case.
    assertThat(sink.direct()).isZero();
    assertThat(direct.direct()).isEqualTo(4 * MEMBERS - (MEMBERS + 1));
    assertThat(both.direct()).isBetween(1L, direct.direct() - 1);
  }
}
