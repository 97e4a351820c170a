package dev.sluice.topology;

import static dev.sluice.event.Events.approved;
import static dev.sluice.event.Events.published;
import static dev.sluice.event.Events.suspended;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.event.ProductEvent;
import dev.sluice.streams.SweepScheduling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

/** The trace context of an event, from its record to what comes of it. */
class TraceTopologyTest {
  private static final String FIRST = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  private static final String SECOND = "00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-00";

  private static void put(Driver driver, ProductEvent event, String traceparent) {
    var headers =
        new RecordHeaders()
            .add("traceparent", traceparent.getBytes(UTF_8))
            .add("tracestate", "vendor=1".getBytes(UTF_8))
            .add("unrelated", new byte[] {1});
    driver.put(event.productId().getBytes(UTF_8), Driver.bytes(event), headers, Driver.NOW);
  }

  private static List<String> of(List<? extends TestRecord<?, ?>> records) {
    return records.stream().map(record -> text(record.headers())).toList();
  }

  private static String text(Headers headers) {
    var all = new ArrayList<String>();
    headers.forEach(header -> all.add(header.key() + "=" + new String(header.value(), UTF_8)));
    return String.join(" ", all);
  }

  private static String headers(String traceparent) {
    return "traceparent=" + traceparent + " tracestate=vendor=1";
  }

  @Test
  void shouldCarryTheTraceOfAnEventToItsCommandsAndStatuses() {
    try (var driver = new Driver()) {
      driver.given(published("p1", "s1", "s2"));

      put(driver, approved("p1", "r1", "ana"), FIRST);

      assertThat(of(driver.commandRecords())).containsExactly(headers(FIRST), headers(FIRST));
      assertThat(of(driver.requestStatuses())).containsExactly(headers(FIRST));
      assertThat(of(driver.productStatuses())).containsExactly(headers(FIRST));
    }
  }

  @Test
  void shouldAddNoHeaderWhereTheEventNamesNoTrace() {
    try (var driver = new Driver()) {
      driver.put(published("p1", "s1"));
      put(driver, approved("p1", "r1", "ana"), FIRST);
      driver.commandRecords();

      driver.put(approved("p1", "r2", "ben"));
      driver.put(suspended("p1"));

      assertThat(of(driver.commandRecords())).containsExactly("", "", "");
    }
  }

  @Test
  void shouldCarryTheTraceThroughASweepThatGoesOnLater() {
    try (var driver = new Driver(SweepScheduling.byMember())) {
      driver.given(
          published("p1", "s1"),
          approved("p1", "r1", "ana"),
          approved("p1", "r2", "ben"),
          approved("p1", "r3", "cleo"));

      put(driver, suspended("p1"), FIRST);
      assertThat(of(driver.commandRecords())).containsExactly(headers(FIRST));
      put(driver, approved("p1", "r4", "dan"), SECOND);
      driver.pass(Duration.ofMillis(10));
      driver.pass(Duration.ofMillis(10));

      assertThat(of(driver.commandRecords())).containsExactly(headers(FIRST), headers(FIRST));
    }
  }

  @Test
  void shouldGiveEachCommandTheTraceOfItsOwnCause() {
    try (var driver = new Driver(SweepScheduling.byMember())) {
      driver.given(
          published("p1", "s1"),
          published("p2", "s2"),
          approved("p1", "r1", "ana"),
          approved("p1", "r2", "ben"));

      put(driver, suspended("p1"), FIRST);
      driver.commandRecords();
      put(driver, approved("p2", "r3", "ben"), SECOND);

      assertThat(of(driver.commandRecords())).containsExactly(headers(SECOND), headers(FIRST));
    }
  }
}
