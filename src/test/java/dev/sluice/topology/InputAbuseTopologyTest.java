package dev.sluice.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.avro.AccessAction;
import dev.sluice.contract.RejectionHeaders;
import dev.sluice.registry.ConfluentAvroDeserializer;
import dev.sluice.sim.Abuse;
import dev.sluice.sim.Abuse.Input;
import dev.sluice.sim.Histories;
import dev.sluice.sim.Model;
import dev.sluice.sim.Model.Access;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever can be put on the input topic, mixed with good events and held against the naive model:
 * what is invalid changes nothing and is found again, and a good event has its effect and no other.
 * {@code -Dsluice.seed} and {@code -Dsluice.seeds} as for the histories.
 */
class InputAbuseTopologyTest {
  private static final Map<String, ?> REGISTRY =
      Map.of("schema.registry.url", "mock://input-abuse-topology");
  private static final int RECORDS = 250;

  static LongStream seeds() {
    var one = Long.getLong("sluice.seed");
    return one != null ? LongStream.of(one) : LongStream.range(0, Long.getLong("sluice.seeds", 20));
  }

  private static Deserializer<?> deserializer() {
    var deserializer = new ConfluentAvroDeserializer();
    deserializer.configure(REGISTRY, false);
    return deserializer;
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void shouldChangeNothingByInvalidInputAndAllByGoodInput(long seed) {
    var random = new Random(~seed);
    var histories = new Histories(seed);
    var model = new Model();
    var granted = new HashSet<Access>();
    try (var driver = new Driver(InputAbuseTopologyTest::deserializer, (tries, trouble) -> false)) {
      var abuse = new Abuse(seed, Driver.NOW.toEpochMilli(), REGISTRY);
      for (int offset = 0; offset < RECORDS; offset++) {
        var at = "seed " + seed + ", record " + offset;
        var event = histories.next(driver.now());
        var input = random.nextInt(3) > 0 ? abuse.bad(event) : abuse.good(event);
        var before = driver.state();
        var expected = abuse.expected(input, model, driver.now());

        driver.put(
            input.key(), input.value(), input.headers(), Instant.ofEpochMilli(input.timestamp()));

        assertThat(driver.outcomes()).as(at).containsExactly(expected);
        driver.outcomes().clear();
        var products = driver.productStatuses();
        var requests = driver.requestStatuses();
        var rejected = driver.rejected();
        if (Abuse.isRejection(expected)) {
          assertThat(rejected).as(at).hasSize(1);
          isFoundAgain(at, input, rejected.getFirst(), Abuse.reason(expected), offset);
          assertThat(driver.state()).as(at).isEqualTo(before);
          assertThat(products).as(at).isEmpty();
          assertThat(requests).as(at).isEmpty();
        } else {
          assertThat(rejected).as(at).isEmpty();
        }
        take(at, driver, granted);
        assertThat(granted).as(at).isEqualTo(model.access());
        var jump = histories.jump();
        driver.pass(jump);
        if (!jump.isZero()) {
          model.tick(driver.now());
          take(at, driver, granted);
          assertThat(granted).as(at + ", later").isEqualTo(model.access());
          driver.productStatuses();
          driver.requestStatuses();
          driver.outcomes().clear();
        }
      }
    }
  }

  private static void isFoundAgain(
      String at, Input input, TestRecord<byte[], byte[]> found, String reason, int offset) {
    assertThat(header(found, RejectionHeaders.REASON)).as(at).isEqualTo(reason);
    assertThat(header(found, RejectionHeaders.TOPIC)).as(at).isEqualTo("test-product-events");
    assertThat(header(found, RejectionHeaders.PARTITION)).as(at).isEqualTo("0");
    assertThat(header(found, RejectionHeaders.OFFSET)).as(at).isEqualTo(Integer.toString(offset));
    assertThat(header(found, RejectionHeaders.MESSAGE)).as(at).isNotBlank();
    assertThat(found.value()).as(at).isEqualTo(input.value());
    if (found.headers().lastHeader(RejectionHeaders.KEY_BYTES) == null) {
      assertThat(found.key()).as(at).isEqualTo(input.key());
    }
  }

  private static String header(TestRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }

  /** Takes the commands into account, each of which must change something. */
  private static void take(String at, Driver driver, Set<Access> granted) {
    for (var command : driver.commandRecords()) {
      var value = command.value();
      var access = Access.of(value);
      var changes =
          value.getAction() == AccessAction.GRANT ? granted.add(access) : granted.remove(access);
      assertThat(changes).as(at + value).isTrue();
      assertThat(command.timestamp()).as(at).isLessThanOrEqualTo(driver.now().toEpochMilli());
    }
  }
}
