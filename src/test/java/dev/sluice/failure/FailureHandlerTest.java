package dev.sluice.failure;

import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.REPLACE_THREAD;
import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sluice.event.codec.EventReader;
import dev.sluice.operator.OperatorException;
import dev.sluice.streams.PoisonedRecordException;
import dev.sluice.streams.SetAsideRecords;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.errors.TaskMigratedException;
import org.apache.kafka.streams.processor.internals.ProcessorRecordContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.rocksdb.RocksDBException;

class FailureHandlerTest {
  private static final RuntimeException OUTAGE =
      new StreamsException("task failed", new TimeoutException("no broker"));
  private static final RuntimeException UNEXPLAINED = new IllegalStateException("broken");

  private final List<Long> pauses = new ArrayList<>();
  private long nowMs;
  private int ended;
  private @Nullable String diagnosis;
  private final FailureHandler failureHandler =
      new FailureHandler(
          () -> nowMs,
          ms -> {
            pauses.add(ms);
            nowMs += ms;
          },
          "/var/lib/sluice",
          () -> diagnosis,
          () -> ended++);

  @Test
  void shouldEndAtOnceWhereALookSaysWhatIsBehindTheError() {
    diagnosis = "topic product-events has 12 partitions";

    assertThat(failureHandler.handle(UNEXPLAINED)).isEqualTo(SHUTDOWN_CLIENT);

    assertThat(failureHandler.fatal()).hasMessage(diagnosis).hasCause(UNEXPLAINED);
    assertThat(pauses).isEmpty();
    assertThat(ended).isEqualTo(1);
  }

  @Test
  void shouldTryARecordThatCannotBeProcessedOnceMoreAndSayOnlyWhatItIs() {
    var poisoned =
        PoisonedRecordException.of(
            SetAsideRecords.Input.UPDATES,
            new ProcessorRecordContext(0, 12, 3, "updates", new RecordHeaders()),
            new IllegalStateException("product p1 goes back"));
    var error = new StreamsException("Exception caught in process. stacktrace=at …", poisoned);

    assertThat(failureHandler.handle(error)).isEqualTo(REPLACE_THREAD);
    assertThat(failureHandler.unsettled())
        .startsWith("a thread failed (1 of 1 tries): the record at offset 12 of updates")
        .doesNotContain("stacktrace");
    assertThat(failureHandler.handle(error)).isEqualTo(SHUTDOWN_CLIENT);
    assertThat(FailureHandler.messages(Objects.requireNonNull(failureHandler.fatal())))
        .isEqualTo(poisoned.getMessage());
  }

  @Test
  void shouldWaitForAnOutageAlsoWhereItCameOfARecord() {
    var outage =
        PoisonedRecordException.of(
            SetAsideRecords.Input.EVENTS,
            new ProcessorRecordContext(0, 12, 3, "events", new RecordHeaders()),
            new IllegalStateException(new ConnectException("registry")));
    for (int i = 0; i < 20; i++) {
      assertThat(failureHandler.handle(outage)).isEqualTo(REPLACE_THREAD);
    }
  }

  @Test
  void shouldBeUnsettledUntilItHasBeenWellForLongerThanTriesAreApart() {
    assertThat(failureHandler.unsettled()).isNull();
    failureHandler.handle(OUTAGE);
    assertThat(failureHandler.unsettled()).as("an outage is told by what does not answer").isNull();

    failureHandler.handle(UNEXPLAINED);
    failureHandler.handle(UNEXPLAINED);
    nowMs += Duration.ofSeconds(100).toMillis();
    assertThat(failureHandler.unsettled()).isEqualTo("a thread failed (2 of 5 tries): broken");

    nowMs += Duration.ofSeconds(30).toMillis();
    assertThat(failureHandler.unsettled()).isNull();
  }

  @Test
  void shouldWaitForAnOutageForEver() {
    for (int i = 0; i < 60; i++) {
      assertThat(failureHandler.handle(OUTAGE)).isEqualTo(REPLACE_THREAD);
    }

    assertThat(failureHandler.fatal()).isNull();
    assertThat(pauses.subList(10, pauses.size())).allMatch(ms -> ms >= 5_000 && ms <= 15_000);
  }

  @Test
  void shouldPauseLongerAndLongerInAnOutage() {
    for (int i = 0; i < 8; i++) {
      failureHandler.handle(OUTAGE);
    }

    assertThat(pauses)
        .containsExactly(500L, 1_000L, 2_000L, 4_000L, 8_000L, 15_000L, 15_000L, 15_000L);
  }

  @Test
  void shouldPauseShortlyAgainWhenAnOutageIsLongOver() {
    for (int i = 0; i < 5; i++) {
      failureHandler.handle(OUTAGE);
    }
    nowMs += Duration.ofMinutes(2).toMillis();

    failureHandler.handle(OUTAGE);

    assertThat(pauses).last().isEqualTo(500L);
  }

  @Test
  void shouldTakeTroubleWithTheNetworkForAnOutage() {
    for (int i = 0; i < 20; i++) {
      failureHandler.handle(new IllegalStateException(new IOException("reset")));
    }

    assertThat(failureHandler.fatal()).isNull();
  }

  @ParameterizedTest
  @MethodSource("ofTheNetwork")
  void shouldTakeARegistryThatASerializerCannotReachForAnOutage(IOException cause) {
    for (int i = 0; i < 20; i++) {
      failureHandler.handle(new StreamsException("task", new SerializationException("p", cause)));
    }

    assertThat(failureHandler.fatal()).isNull();
  }

  @ParameterizedTest
  @MethodSource({
    "dev.sluice.serde.ConfluentFailures#outages",
    "dev.sluice.serde.ConfluentFailures#notFoundByOthers"
  })
  void shouldWaitForARegistryThatCannotBeAskedWhenItsThreadHasGivenUp(RuntimeException outage) {
    for (var waitedFor : List.of(whileReading(outage), whileWriting(outage))) {
      var error = new StreamsException("task", waitedFor);
      for (int i = 0; i < 20; i++) {
        assertThat(failureHandler.handle(error)).isEqualTo(REPLACE_THREAD);
      }
      assertThat(failureHandler.fatal()).isNull();
      assertThat(FailureHandler.remedy(error)).as("not Kafka's").isEmpty();
    }
  }

  /** Exceptions that the reader of events throws. */
  private static RuntimeException whileReading(RuntimeException error) {
    try (var reader =
        new EventReader(
            (topic, bytes) -> {
              throw error;
            },
            "t")) {
      return (RuntimeException)
          catchThrowable(() -> reader.read(new RecordHeaders(), new byte[] {1}));
    }
  }

  /** Exceptions that the serializer of a sink throws. */
  private static RuntimeException whileWriting(RuntimeException error) {
    try (var serializer =
        new RetryingSerializer(
            (topic, value) -> {
              throw error;
            },
            (tries, failure) -> false)) {
      return (RuntimeException) catchThrowable(() -> serializer.serialize("t", "v"));
    }
  }

  static Stream<IOException> ofTheNetwork() {
    return Stream.of(
        new ConnectException("refused"),
        new SocketTimeoutException("slow"),
        new HttpTimeoutException("slow"),
        new UnknownHostException("registry"),
        new SSLHandshakeException("certificate"));
  }

  @ParameterizedTest
  @MethodSource("ofBytes")
  void shouldEndWithWhatWasStoredAndCannotBeRead(IOException cause) {
    var error = new StreamsException("task", new SerializationException("cannot decode", cause));
    for (int i = 0; i < 5; i++) {
      assertThat(failureHandler.handle(error)).isEqualTo(REPLACE_THREAD);
    }

    assertThat(failureHandler.handle(error)).isEqualTo(SHUTDOWN_CLIENT);
    assertThat(failureHandler.fatal()).isSameAs(error);
  }

  static Stream<IOException> ofBytes() {
    return Stream.of(new EOFException(), new IOException("unknown fingerprint"));
  }

  static Stream<Throwable> forPeople() {
    return Stream.of(
        new TopicAuthorizationException("product-events"),
        new SaslAuthenticationException("password"),
        new InvalidConfigurationException("min.insync.replicas"),
        new UnsupportedVersionException("too old"),
        new OutOfMemoryError("heap"),
        new StreamsException("task", new TopicAuthorizationException("product-events")),
        new StreamsException(
            "task", new TimeoutException("slow", new SaslAuthenticationException("password"))));
  }

  @ParameterizedTest
  @MethodSource("forPeople")
  void shouldEndWithWhatAPersonMustMend(Throwable error) {
    assertThat(failureHandler.handle(error)).isEqualTo(SHUTDOWN_CLIENT);

    assertThat(failureHandler.fatal()).isSameAs(error);
    assertThat(pauses).isEmpty();
  }

  static Stream<Throwable> ofTheFolder() {
    var full = new RocksDBException("No space left on device");
    return Stream.of(
        new ProcessorStateException("Error while putting key/value into store products", full),
        new StreamsException("task", new ProcessorStateException("put", full)),
        new StreamsException("task", full),
        new ProcessorStateException("checkpoint", new IOException("No space left on device")));
  }

  @ParameterizedTest
  @MethodSource("ofTheFolder")
  void shouldEndWithAFolderThatCannotBeUsedAndNameIt(Throwable error) {
    assertThat(failureHandler.handle(error)).isEqualTo(SHUTDOWN_CLIENT);

    assertThat(failureHandler.fatal())
        .isInstanceOf(OperatorException.class)
        .hasMessageStartingWith("the state folder /var/lib/sluice cannot be used: ")
        .hasMessageContaining("No space left on device; check that its disk has space")
        .hasCause(error);
    assertThat(ended).isEqualTo(1);
  }

  @Test
  void shouldWaitWhereAStoreOnlyWaitsForABroker() {
    var error = new ProcessorStateException("flush", new TimeoutException("no broker"));

    assertThat(failureHandler.handle(error)).isEqualTo(REPLACE_THREAD);
    assertThat(failureHandler.fatal()).isNull();
  }

  static Stream<Throwable> errors() {
    return Stream.of(
        new OutOfMemoryError("heap"),
        new StackOverflowError(),
        new NoClassDefFoundError("a/B"),
        new StreamsException("task", new AssertionError("bug")));
  }

  @ParameterizedTest
  @MethodSource("errors")
  void shouldNotTrustTheProcessAfterAnError(Throwable error) {
    assertThat(failureHandler.handle(error)).isEqualTo(SHUTDOWN_CLIENT);

    assertThat(failureHandler.isBroken()).isTrue();
    assertThat(ended).isEqualTo(1);
  }

  static Stream<Throwable> ofStreams() {
    return Stream.of(
        new MissingSourceTopicException("product-events"),
        new StreamsException("task", new TaskCorruptedException(Set.of())),
        new StreamsException("task", new ProducerFencedException("epoch")),
        new StreamsException("offsets", new OffsetOutOfRangeException(Map.of())),
        new TaskMigratedException("fenced", new ProducerFencedException("epoch")),
        new IllegalStateException("invariant"),
        new StreamsException("Exception caught in process", new ArithmeticException("poison")));
  }

  @ParameterizedTest
  @MethodSource("ofStreams")
  void shouldTryAgainAFewTimesWhatAnotherThreadMayNotMeet(Throwable error) {
    for (int i = 0; i < 5; i++) {
      assertThat(failureHandler.handle(error)).isEqualTo(REPLACE_THREAD);
    }
    assertThat(ended).isZero();

    assertThat(failureHandler.handle(error)).isEqualTo(SHUTDOWN_CLIENT);
    assertThat(ended).isEqualTo(1);
    assertThat(failureHandler.isBroken()).isFalse();
  }

  @Test
  void shouldSayWhatToDoAboutRightsAndCredentials() {
    assertThat(
            FailureHandler.remedy(new StreamsException("t", new TopicAuthorizationException("t"))))
        .contains("the right to it");
    assertThat(FailureHandler.remedy(new SaslAuthenticationException("no")))
        .contains("check the user and the password");
    assertThat(FailureHandler.remedy(OUTAGE)).isEmpty();
  }

  @Test
  void shouldTryFiveTimesWhatIsUnexplained() {
    for (int i = 0; i < 5; i++) {
      assertThat(failureHandler.handle(UNEXPLAINED)).isEqualTo(REPLACE_THREAD);
    }

    assertThat(pauses).containsExactly(1_000L, 2_000L, 4_000L, 8_000L, 16_000L);
    assertThat(failureHandler.fatal()).isNull();
  }

  @Test
  void shouldEndWithWhatStaysUnexplained() {
    for (int i = 0; i < 5; i++) {
      failureHandler.handle(UNEXPLAINED);
    }

    assertThat(failureHandler.handle(UNEXPLAINED)).isEqualTo(SHUTDOWN_CLIENT);
    assertThat(failureHandler.fatal()).isSameAs(UNEXPLAINED);
  }

  @Test
  void shouldForgetWhatWasUnexplainedLongAgo() {
    for (int i = 0; i < 30; i++) {
      assertThat(failureHandler.handle(UNEXPLAINED)).isEqualTo(REPLACE_THREAD);
      nowMs += Duration.ofMinutes(3).toMillis();
    }
  }

  @Test
  void shouldNotCountOutagesAsUnexplained() {
    for (int i = 0; i < 10; i++) {
      failureHandler.handle(OUTAGE);
    }

    assertThat(failureHandler.handle(UNEXPLAINED)).isEqualTo(REPLACE_THREAD);
  }

  @Test
  void shouldNameTheFirstOfSeveralEnds() {
    var first = new TopicAuthorizationException("first");
    failureHandler.handle(first);

    failureHandler.handle(new TopicAuthorizationException("second"));

    assertThat(failureHandler.fatal()).isSameAs(first);
  }

  @Test
  void shouldNotTryAgainWhenSomethingElseHasEndedTheWorker() {
    var gone = new OperatorException("topic product-events was deleted");
    failureHandler.fail(gone);

    assertThat(failureHandler.handle(OUTAGE)).isEqualTo(SHUTDOWN_CLIENT);
    assertThat(failureHandler.fatal()).isSameAs(gone);
    assertThat(pauses).isEmpty();
  }

  @Test
  void shouldNotWaitOnWhenInterrupted() {
    var interrupted =
        new FailureHandler(
            () -> 0,
            ms -> {
              throw new InterruptedException();
            },
            "",
            () -> null,
            () -> {});

    assertThat(interrupted.handle(OUTAGE)).isEqualTo(REPLACE_THREAD);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void shouldSayEveryCauseOnce() {
    var error =
        new IllegalStateException(
            "task 0_1",
            new IllegalStateException("task 0_1", new IllegalStateException("no broker")));

    assertThat(FailureHandler.messages(error)).isEqualTo("task 0_1: no broker");
  }

  @Test
  void shouldNameTheKindOfAnErrorWithoutAMessage() {
    assertThat(FailureHandler.messages(new IllegalStateException()))
        .isEqualTo("IllegalStateException");
  }
}
