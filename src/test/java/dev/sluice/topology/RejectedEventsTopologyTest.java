package dev.sluice.topology;

import static dev.sluice.event.Events.approved;
import static dev.sluice.event.Events.published;
import static dev.sluice.event.Events.sequenced;
import static dev.sluice.event.Events.suspended;
import static dev.sluice.event.Events.withId;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.access.AccessObserver;
import dev.sluice.avro.AccessAction;
import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.CommandReason;
import dev.sluice.contract.RejectionHeaders;
import dev.sluice.contract.RejectionReason;
import dev.sluice.dev.registry.MockSchemaRegistry;
import dev.sluice.event.Events;
import dev.sluice.event.codec.EventAvro;
import dev.sluice.product.stage.EventObserver;
import dev.sluice.registry.ConfluentAvroDeserializer;
import dev.sluice.sim.Contract;
import dev.sluice.sim.ForeignWriter;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of input that is not accepted, and of odd timestamps. */
class RejectedEventsTopologyTest {
  private static final byte[] P1 = "p1".getBytes(UTF_8);
  private static final byte[] GARBAGE = {0, 1, 2, 3};

  private final Driver driver = new Driver();

  @AfterEach
  void close() {
    driver.close();
  }

  @Test
  void shouldSayWhyAnEventIsRejectedAndWhereItStood() {
    driver.given(published("p9", "s1"));

    driver.put(suspended("p1"));

    assertThat(headers(onlyRejected()))
        .isEqualTo(
            Map.of(
                RejectionHeaders.REASON, "UNKNOWN_PRODUCT",
                RejectionHeaders.MESSAGE, "product \"p1\" was never published",
                RejectionHeaders.REMEDY, RejectionReason.UNKNOWN_PRODUCT.remedy(),
                RejectionHeaders.EVENT_ID, "ProductSuspended-p1",
                RejectionHeaders.TOPIC, "test-product-events",
                RejectionHeaders.PARTITION, "0",
                RejectionHeaders.OFFSET, "1"));
  }

  @Test
  void shouldTellTheLogWhichEventItIsAndWhoSentIt() {
    var told = new ArrayList<String>();
    try (var own =
        new Driver(
            new EventObserver() {
              @Override
              public void decided(String type, String outcome) {}

              @Override
              public void rejected(RejectionReason reason, String message, String where) {
                told.add(where);
              }
            },
            AccessObserver.NONE)) {
      own.put(suspended("p1"));
      var differs = EventAvro.toAvro(withId("e7", suspended("p1")));
      differs.put("type", "ProductResumed");
      own.put(P1, Contract.EVENTS.serializer().serialize("", differs));
      own.put(P1, GARBAGE);
    }
    assertThat(told)
        .containsExactly(
            "ProductSuspended \"ProductSuspended-p1\" by \"api\", test-product-events-0 offset 0",
            "event \"e7\", test-product-events-0 offset 1",
            "test-product-events-0 offset 2");
  }

  @Test
  void shouldKeepKeyAndBytesOfWhatIsRejected() {
    driver.put(suspended("p1"));

    var rejected = onlyRejected();
    assertThat(rejected.key()).isEqualTo(P1);
    assertThat(rejected.value()).isEqualTo(Driver.bytes(suspended("p1")));
  }

  @Test
  void shouldKeepTheHeadersOfWhatIsRejected() {
    var headers = new RecordHeaders().add("traceparent", "00-1".getBytes(UTF_8));

    driver.put(P1, GARBAGE, headers, Driver.NOW);

    assertThat(headers(onlyRejected())).containsEntry("traceparent", "00-1");
  }

  @Test
  void shouldTellWhoWatchesWhichEventWasRejected() {
    var told = new ArrayList<String>();
    var observer =
        new EventObserver() {
          @Override
          public void decided(String type, String outcome) {
            told.add(type + " " + outcome);
          }

          @Override
          public void rejected(RejectionReason reason, String message, String where) {
            told.add(where);
          }
        };
    try (var watched = new Driver(observer, AccessObserver.NONE)) {
      watched.put(Events.suspended("p1"));
    }

    assertThat(told)
        .containsExactly(
            "ProductSuspended \"ProductSuspended-p1\" by \"api\", test-product-events-0 offset 0",
            "ProductSuspended unknown_product");
  }

  @Test
  void shouldReplaceTheReasonOfWhatWasRejectedBefore() {
    driver.given(published("p1", "s1"));
    var headers =
        new RecordHeaders().add(RejectionHeaders.REASON, "UNKNOWN_PRODUCT".getBytes(UTF_8));

    driver.put(P1, Driver.bytes(withId("e2", published("p1", "s1"))), headers, Driver.NOW);

    assertThat(onlyRejected().headers().headers(RejectionHeaders.REASON))
        .extracting(h -> new String(h.value(), UTF_8))
        .containsExactly("PRODUCT_EXISTS");
  }

  @Test
  void shouldDropTheEventIdOfAnEarlierRejectionWhereThereIsNoneNow() {
    var headers = new RecordHeaders().add(RejectionHeaders.EVENT_ID, "e1".getBytes(UTF_8));

    driver.put(P1, GARBAGE, headers, Driver.NOW);

    assertThat(headers(onlyRejected())).doesNotContainKey(RejectionHeaders.EVENT_ID);
  }

  @Test
  void shouldRejectGarbage() {
    driver.put(P1, GARBAGE);

    var rejected = onlyRejected();
    assertThat(headers(rejected)).containsEntry(RejectionHeaders.REASON, "UNREADABLE");
    assertThat(rejected.value()).isEqualTo(GARBAGE);
    assertThat(driver.outcomes()).containsExactly("unreadable");
  }

  @Test
  void shouldSayOfAnUnknownTypeWhichEventItIsAndWhatToDo() {
    var scope = "rejected-events-topology-test";
    var writer =
        ForeignWriter.withPayload(
            "{\"type\":\"record\",\"name\":\"ProductArchived\",\"fields\":[]}");
    var id = MockSchemaRegistry.of(scope).register("s", writer.schema());
    var value =
        ForeignWriter.bytes(writer.record(withId("e7", suspended("p1")), null, "ProductArchived"));
    var bytes = ByteBuffer.allocate(5 + value.length).put((byte) 0).putInt(id).put(value).array();
    try (var own =
        new Driver(
            () -> {
              var deserializer = new ConfluentAvroDeserializer();
              deserializer.configure(Map.of("schema.registry.url", "mock://" + scope), false);
              return deserializer;
            },
            (tries, trouble) -> false)) {
      own.put(P1, bytes);

      assertThat(headers(own.rejected().getFirst()))
          .containsEntry(RejectionHeaders.REASON, "UNREADABLE")
          .containsEntry(RejectionHeaders.EVENT_ID, "e7")
          .containsEntry(
              RejectionHeaders.MESSAGE,
              "the payload is a dev.sluice.avro.ProductArchived, which this worker does not know")
          .containsEntry(
              RejectionHeaders.REMEDY,
              "Either this worker is older than the producer (upgrade the worker), or the name is"
                  + " misspelt (correct the name). Then send the event again.");
      assertThat(own.outcomes()).containsExactly("unreadable");
    } finally {
      MockSchemaRegistry.drop(scope);
    }
  }

  @Test
  void shouldRejectAnotherRecordOfTheContract() {
    var command =
        new AccessCommand(
            AccessAction.GRANT, "u", "s", "t", "p", CommandReason.OTHER, "e", 1L, Events.NOON, 0);

    driver.put(P1, Contract.COMMANDS.serializer().serialize("", command));

    assertThat(headers(onlyRejected())).containsEntry(RejectionHeaders.REASON, "UNREADABLE");
  }

  @Test
  void shouldRejectAnEmptyValue() {
    driver.put(P1, new byte[0]);

    assertThat(headers(onlyRejected())).containsEntry(RejectionHeaders.REASON, "UNREADABLE");
  }

  @Test
  void shouldRejectATombstone() {
    driver.put(P1, null);

    var rejected = onlyRejected();
    assertThat(rejected.value()).isNull();
    assertThat(headers(rejected))
        .containsEntry(RejectionHeaders.REASON, "UNREADABLE")
        .containsEntry(RejectionHeaders.MESSAGE, "the record has no value");
  }

  @Test
  void shouldRejectAMissingKey() {
    driver.put(null, Driver.bytes(published("p1", "s1")));

    var rejected = onlyRejected();
    assertThat(rejected.key()).isNull();
    assertThat(headers(rejected)).containsEntry(RejectionHeaders.REASON, "INVALID_ID");
  }

  @Test
  void shouldRejectAKeyAndAValueThatAreBothMissing() {
    driver.put(null, null);

    assertThat(headers(onlyRejected())).containsEntry(RejectionHeaders.REASON, "UNREADABLE");
  }

  @Test
  void shouldRejectAnotherKeyThanTheProductId() {
    driver.put("p2".getBytes(UTF_8), Driver.bytes(published("p1", "s1")));

    assertThat(headers(onlyRejected())).containsEntry(RejectionHeaders.REASON, "INVALID_ID");
    assertThat(driver.keys("products")).isEmpty();
  }

  @Test
  void shouldRejectAKeyThatIsNotText() {
    driver.put(new byte[] {(byte) 0xff}, Driver.bytes(published("p1", "s1")));

    assertThat(headers(onlyRejected())).containsEntry(RejectionHeaders.REASON, "INVALID_ID");
  }

  @Test
  void shouldChangeNothingByWhatIsRejected() {
    driver.given(published("p1", "s1"), approved("p1", "r1", "ana"));

    driver.put(approved("p1", "r|2", "bob"));

    assertThat(driver.commands()).isEmpty();
    assertThat(driver.productStatuses()).isEmpty();
    assertThat(driver.requestStatuses()).isEmpty();
    assertThat(driver.keys("requests")).containsExactly("p1|r1");
  }

  @Test
  void shouldGoOnAfterGarbage() {
    driver.given(published("p1", "s1"));
    driver.put(P1, GARBAGE);

    driver.put(approved("p1", "r1", "ana"));

    assertThat(driver.commands()).containsExactly("GRANT ana s1 p1 ACCESS_APPROVED");
  }

  @Test
  void shouldDropADuplicateSilently() {
    driver.given(sequenced(1, published("p1", "s1")), sequenced(2, approved("p1", "r1", "ana")));

    driver.put(sequenced(2, approved("p1", "r1", "ana")));

    assertThat(driver.outcomes()).containsExactly("duplicate");
    assertThat(driver.commands()).isEmpty();
    assertThat(driver.rejected()).isEmpty();
    assertThat(driver.productStatuses()).isEmpty();
  }

  @Test
  void shouldRememberTheSequenceOfANoOp() {
    driver.given(sequenced(1, published("p1", "s1")), sequenced(2, Events.resumed("p1")));

    driver.put(sequenced(2, Events.resumed("p1")));
    driver.put(sequenced(2, suspended("p1")));

    assertThat(driver.outcomes()).containsExactly("duplicate", "sequence_reused");
  }

  @Test
  void shouldNotMoveTheSequenceByWhatIsRejected() {
    driver.given(sequenced(1, published("p1", "s1")), sequenced(9, Events.denied("p1", "unknown")));

    driver.put(sequenced(2, suspended("p1")));

    assertThat(driver.outcomes()).containsExactly("applied");
  }

  @Test
  void shouldStampWhatIsRejectedWithTheTimeOfTheRejection() {
    driver.put(P1, GARBAGE, new RecordHeaders(), Instant.EPOCH);

    assertThat(onlyRejected().getRecordTime()).isEqualTo(Driver.NOW);
  }

  @Test
  void shouldNotPassOnATimeInTheFuture() {
    driver.given(published("p1", "s1"));
    var future = Driver.NOW.plus(Duration.ofDays(40_000));

    driver.put(P1, Driver.bytes(approved("p1", "r1", "ana")), new RecordHeaders(), future);

    assertThat(driver.commandRecords().getFirst().getRecordTime()).isEqualTo(Driver.NOW);
    assertThat(driver.productStatuses().getFirst().getRecordTime()).isEqualTo(Driver.NOW);
    assertThat(driver.requestStatuses().getFirst().getRecordTime()).isEqualTo(Driver.NOW);
  }

  @Test
  void shouldPassOnATimeInThePast() {
    driver.given(published("p1", "s1"));
    var past = Driver.NOW.minus(Duration.ofDays(3));

    driver.put(P1, Driver.bytes(approved("p1", "r1", "ana")), new RecordHeaders(), past);

    assertThat(driver.commandRecords().getFirst().getRecordTime()).isEqualTo(past);
  }

  private TestRecord<byte[], byte[]> onlyRejected() {
    var rejected = driver.rejected();
    assertThat(rejected).hasSize(1);
    return rejected.getFirst();
  }

  private static Map<String, String> headers(TestRecord<byte[], byte[]> record) {
    var headers = new TreeMap<String, String>();
    record.headers().forEach(h -> headers.put(h.key(), new String(h.value(), UTF_8)));
    return headers;
  }
}
