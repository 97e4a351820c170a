package dev.sluice.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.access.AccessDiff;
import dev.sluice.access.AccessObserver;
import dev.sluice.contract.RejectionHeaders;
import dev.sluice.contract.RejectionReason;
import dev.sluice.event.Events;
import dev.sluice.streams.PoisonedRecordException;
import dev.sluice.streams.SetAsideRecords;
import dev.sluice.update.wire.BadUpdates;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Records that no worker can process, and what becomes of them when they are named. */
class SetAsideTopologyTest {

  /** Behind the revision and the membership that the approval leads to. */
  private static final int POISONED = 2;

  private final List<String> outcomes = new ArrayList<>();
  private int updatesSetAside;

  private Driver driver(String... names) {
    return new Driver(
        (type, outcome) -> outcomes.add(outcome),
        new AccessObserver() {
          @Override
          public void emitted(AccessDiff.Change change, long count) {}

          @Override
          public void setAside() {
            updatesSetAside++;
          }
        },
        SetAsideRecords.of(List.of(names)));
  }

  private static void give(Driver driver) {
    driver.given(
        Events.published("p1", "one", Events.sources("s1")), Events.approved("p1", "r1", "ana"));
  }

  private static String header(TestRecord<byte[], byte[]> record, String name) {
    var header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), UTF_8);
  }

  @Test
  void shouldSayWhereAnUpdateStandsThatCannotBeProcessedAndHowToGoOn() {
    try (var driver = driver()) {
      give(driver);

      assertThatThrownBy(() -> driver.putUpdate("p1", BadUpdates.goesBack()))
          .hasRootCauseMessage("product p1 goes from revision 1 back to 1")
          .satisfies(
              e ->
                  assertThat(poisoned(e))
                      .hasMessageStartingWith(
                          "the record at offset 2 of driver-access-updates-repartition partition 0"
                              + " cannot be processed: product p1 goes from revision 1 back to 1.")
                      .hasMessageContaining("records.set.aside=access-updates:0:2")
                      .hasMessageContaining("./sluice run --set-aside access-updates:0:2"));
    }
  }

  private static Throwable poisoned(Throwable error) {
    return Stream.<@Nullable Throwable>iterate(
            error, e -> e != null, e -> e == null ? null : e.getCause())
        .flatMap(Stream::ofNullable)
        .filter(PoisonedRecordException.class::isInstance)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void shouldSetAnUpdateAsideWithAllThatIsNeededToJudgeIt() {
    try (var driver = driver("access-updates:0:" + POISONED)) {
      give(driver);

      driver.putUpdate("p1", BadUpdates.goesBack());

      var rejected = driver.rejected();
      assertThat(rejected).hasSize(1);
      var record = rejected.getFirst();
      assertThat(record.key()).isEqualTo("p1".getBytes(UTF_8));
      assertThat(record.value()).isEqualTo(BadUpdates.goesBack());
      assertThat(header(record, RejectionHeaders.REASON))
          .isEqualTo(RejectionReason.SET_ASIDE.name());
      assertThat(header(record, RejectionHeaders.MESSAGE))
          .contains("did not reach the access stage: product p1 comes to revision 1: active");
      assertThat(header(record, RejectionHeaders.EVENT_ID)).isEqualTo("by hand");
      assertThat(header(record, RejectionHeaders.TOPIC))
          .isEqualTo("driver-access-updates-repartition");
      assertThat(header(record, RejectionHeaders.OFFSET)).isEqualTo("" + POISONED);
      assertThat(updatesSetAside).isEqualTo(1);

      driver.put(Events.approved("p1", "r2", "ben"));
      assertThat(driver.commands()).containsExactly("GRANT ben s1 p1 ACCESS_APPROVED");
    }
  }

  @Test
  void shouldSayWhereBytesStandThatAreNoUpdateAndSetThemAside() {
    var bytes = "no update".getBytes(UTF_8);
    try (var driver = driver()) {
      give(driver);
      assertThatThrownBy(() -> driver.putUpdate("p1", bytes))
          .satisfies(
              e ->
                  assertThat(poisoned(e))
                      .hasMessageContaining("cannot be processed: it is not an update: "));
    }
    try (var driver = driver("access-updates:0:" + POISONED, "access-updates:0:3")) {
      give(driver);

      driver.putUpdate("p1", bytes);
      driver.putUpdate("p1", null);

      assertThat(driver.rejected()).extracting(TestRecord::value).containsExactly(bytes, null);
      driver.put(Events.approved("p1", "r2", "ben"));
      assertThat(driver.commands()).containsExactly("GRANT ben s1 p1 ACCESS_APPROVED");
    }
  }

  @Test
  void shouldSetAnEventAside() {
    try (var driver = driver("product-events:0:1")) {
      driver.put(Events.published("p1", "one", Events.sources("s1")));
      driver.put(Events.approved("p1", "r1", "ana"));
      driver.put(Events.approved("p1", "r2", "ben"));

      assertThat(outcomes).containsExactly("applied", "set_aside", "applied");
      assertThat(driver.commands()).containsExactly("GRANT ben s1 p1 ACCESS_APPROVED");
      var rejected = driver.rejected();
      assertThat(rejected).hasSize(1);
      assertThat(header(rejected.getFirst(), RejectionHeaders.REASON)).isEqualTo("SET_ASIDE");
      assertThat(rejected.getFirst().value())
          .isEqualTo(Driver.bytes(Events.approved("p1", "r1", "ana")));
    }
  }
}
