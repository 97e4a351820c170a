package dev.sluice.topology;

import static dev.sluice.access.AccessObserver.NONE;
import static dev.sluice.event.Events.allRevoked;
import static dev.sluice.event.Events.approved;
import static dev.sluice.event.Events.deleted;
import static dev.sluice.event.Events.event;
import static dev.sluice.event.Events.published;
import static dev.sluice.event.Events.replaced;
import static dev.sluice.event.Events.source;
import static dev.sluice.event.Events.withId;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.RejectionHeaders;
import dev.sluice.contract.RejectionReason;
import dev.sluice.dev.registry.MockSchemaRegistry;
import dev.sluice.event.DataSource;
import dev.sluice.event.Payload;
import dev.sluice.registry.ConfluentAvroDeserializer;
import dev.sluice.sim.ForeignWriter;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests events that would make a product or a request too large. */
class TooLargeTopologyTest {
  private static final byte[] P1 = "p1".getBytes(UTF_8);

  private final Driver driver = new Driver();

  @AfterEach
  void close() {
    driver.close();
  }

  @Test
  void shouldGrantTenThousandSourcesAndLeaveThemWhereTooManyWouldReplaceThem() {
    driver.given(published("p1", many(10_000)));

    driver.put(approved("p1", "r1", "ana"));
    assertThat(driver.commands()).hasSize(10_000);
    assertThat(driver.productStatuses()).as("a large product's status waits").isEmpty();
    driver.pass(Duration.ofSeconds(1));
    assertThat(driver.productStatuses())
        .extracting(record -> record.value().getStats().getApprovedRequestCount())
        .containsExactly(1L);

    driver.put(replaced("p1", many(14_500)));
    assertThat(driver.commands()).isEmpty();
    assertThat(driver.productStatuses()).isEmpty();
    assertThat(driver.outcomes()).containsExactly("applied", "too_large");
    var headers = driver.rejected().getFirst().headers();
    assertThat(text(headers.lastHeader(RejectionHeaders.REASON).value())).isEqualTo("TOO_LARGE");
    assertThat(text(headers.lastHeader(RejectionHeaders.MESSAGE).value()))
        .contains("\"p1\"", "(14,500)", "1,000,000");
    assertThat(text(headers.lastHeader(RejectionHeaders.REMEDY).value()))
        .isEqualTo(RejectionReason.TOO_LARGE.remedy());

    driver.put(allRevoked("p1", "ana"));
    assertThat(driver.commands()).hasSize(10_000);
  }

  @Test
  void shouldNotKnowAProductThatWasTooLarge() {
    driver.put(published("p1", many(14_500)));

    assertThat(driver.outcomes()).containsExactly("too_large");
    assertThat(driver.keys("products")).isEmpty();
    assertThat(driver.productStatuses()).isEmpty();
  }

  @Test
  void shouldRejectAnEventOfManySmallElements() {
    var domains = Collections.nCopies(250_000, "d");
    driver.put(
        event(
            "p1",
            "p1",
            new Payload.ProductPublished("n", null, domains, List.of(), null, List.of(), null)));

    assertThat(driver.outcomes()).containsExactly("too_large");
    assertThat(
            text(
                driver
                    .rejected()
                    .getFirst()
                    .headers()
                    .lastHeader(RejectionHeaders.MESSAGE)
                    .value()))
        .isEqualTo("the event has 250,000 list elements, at most 20,000 are taken");
  }

  @Test
  void shouldRejectAnEventOfManySmallElementsBeforeItIsReadToItsEnd() {
    Supplier<Deserializer<?>> deserializer =
        () -> {
          var made = new ConfluentAvroDeserializer();
          made.configure(Map.of("schema.registry.url", "mock://too-large-topology"), false);
          return made;
        };
    var sources = Collections.nCopies(250_000, source("s"));
    var event = event("p1", "p1", new Payload.DataSourcesReplaced(sources));
    var record = ForeignWriter.contract().record(event, null);
    var id = MockSchemaRegistry.of("too-large-topology").register("s", record.getSchema());
    var value = ForeignWriter.bytes(record);
    try (var own = new Driver(deserializer, (tries, trouble) -> false)) {
      own.put(
          P1, ByteBuffer.allocate(5 + value.length).put((byte) 0).putInt(id).put(value).array());

      assertThat(own.outcomes()).containsExactly("too_large");
      assertThat(
              text(
                  own.rejected().getFirst().headers().lastHeader(RejectionHeaders.MESSAGE).value()))
          .isEqualTo("the event has more than 20,000 list elements");
    } finally {
      MockSchemaRegistry.drop("too-large-topology");
    }
  }

  @Test
  void shouldTakeAccessAwayHoweverLongTheReason() {
    var reason = "x".repeat(4_100_000);
    driver.given(
        published("p1", "s1"),
        approved("p1", "r1", "ana"),
        approved("p1", "r2", "ben"),
        published("p2", "s2"),
        approved("p2", "r3", "ana"));

    driver.put(event("p1", "r1", new Payload.AccessRevoked("r1", "ana", reason)));
    driver.put(deleted("p1", reason));
    driver.put(event("p2", "p2", new Payload.ProductSuspended(reason)));

    assertThat(driver.outcomes()).containsExactly("applied", "applied", "applied");
    assertThat(driver.commands())
        .containsExactly(
            "REVOKE ana s1 p1 ACCESS_REVOKED",
            "REVOKE ben s1 p1 PRODUCT_DELETED",
            "REVOKE ana s2 p2 PRODUCT_SUSPENDED");
    assertThat(driver.requestStatuses())
        .hasSize(2)
        .allSatisfy(
            r ->
                assertThat(r.value().getReason())
                    .hasSizeLessThan(4_100)
                    .endsWith("… (cut, had 4100000 characters)"));
  }

  @Test
  void shouldNotTakeALargeEventWhereWhatDecidesIsLarge() {
    var type = new String[1];
    try (var watched = new Driver((event, outcome) -> type[0] = event + " " + outcome, NONE)) {
      watched.put(published("p1", many(20_000)));

      assertThat(type).containsExactly("ProductPublished too_large");
      assertThat(
              text(
                  watched
                      .rejected()
                      .getFirst()
                      .headers()
                      .lastHeader(RejectionHeaders.MESSAGE)
                      .value()))
          .contains("bytes, at most 1,048,576 are taken");
    }
  }

  @Test
  void shouldNotReadAValueThatIsTooLargeAndKeepWhatFits() {
    driver.put(P1, new byte[(4 << 20) + 1]);
    driver.put(P1, new byte[(4 << 20) - 2]);

    assertThat(driver.outcomes()).containsExactly("too_large", "unreadable");
    var rejected = driver.rejected();
    assertThat(text(rejected.getFirst().headers().lastHeader(RejectionHeaders.MESSAGE).value()))
        .isEqualTo("the record's value has 4,194,305 bytes, at most 4,194,304 are taken");
    assertThat(text(rejected.getFirst().headers().lastHeader(RejectionHeaders.VALUE_BYTES).value()))
        .isEqualTo("4194305");
    assertThat(rejected.getLast().value()).hasSize((4 << 20) - 2);
  }

  @Test
  void shouldLeaveOutOfARejectedRecordWhatWouldMakeItTooLarge() {
    var headers = new RecordHeaders().add("traceparent", new byte[5 << 20]);
    headers.add(RejectionHeaders.VALUE_BYTES, P1);

    driver.put(new byte[5 << 20], new byte[10 << 20], headers, Driver.NOW);
    driver.put(P1, new byte[1], headers, Driver.NOW);

    var rejected = driver.rejected();
    var none = rejected.getFirst();
    assertThat(none.key()).isNull();
    assertThat(none.value()).isNull();
    assertThat(none.headers().lastHeader("traceparent")).isNull();
    assertThat(text(none.headers().lastHeader(RejectionHeaders.KEY_BYTES).value()))
        .isEqualTo("5242880");
    assertThat(text(none.headers().lastHeader(RejectionHeaders.VALUE_BYTES).value()))
        .isEqualTo("10485760");
    assertThat(none.headers().lastHeader(RejectionHeaders.HEADERS_BYTES)).isNotNull();
    assertThat(text(none.headers().lastHeader(RejectionHeaders.OFFSET).value())).isEqualTo("0");
    assertThat(rejected.getLast().key()).isEqualTo(P1);
    assertThat(rejected.getLast().value()).hasSize(1);
    assertThat(rejected.getLast().headers().lastHeader(RejectionHeaders.VALUE_BYTES)).isNull();
  }

  @Test
  void shouldCutLongTextsInHeaders() {
    driver.given(published("p1", "s1"));

    driver.put(withId("e".repeat(900_000), replaced("p1", "s2")));
    driver.put(replaced("p1", List.of(source("s1", "t".repeat(900_000)))));

    assertThat(driver.outcomes()).containsExactly("invalid_id", "invalid_id");
    for (var rejected : driver.rejected()) {
      for (var header : rejected.headers()) {
        assertThat(header.value()).hasSizeLessThan(4_000);
      }
    }
  }

  private static List<DataSource> many(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> source("source-".repeat(8) + (1000 + i)))
        .toList();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }
}
