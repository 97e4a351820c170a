package dev.sluice.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.delivery.Deliveries;
import dev.sluice.delivery.DeliveryFilter;
import dev.sluice.delivery.DeliveryState;
import dev.sluice.delivery.ErrorClass;
import dev.sluice.delivery.Outstanding;
import dev.sluice.delivery.ResultDetails;
import dev.sluice.query.QueryGateway.Asked;
import dev.sluice.query.model.ApiModel.AccessView;
import dev.sluice.query.model.ApiModel.DeliveryNote;
import dev.sluice.query.model.ApiModel.ExplainView;
import dev.sluice.query.model.ApiModel.Page;
import dev.sluice.query.model.DeliveryViews;
import dev.sluice.query.model.DeliveryViews.OfUser;
import dev.sluice.query.shard.ShardKind;
import dev.sluice.query.shard.ShardUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is outstanding, beside decisions; also where delivery does not answer. */
class DeliveryNotesTest {
  private static final Asked ASKED = new Asked("test", null, false);
  private static final DeliveryFilter FILTER = DeliveryFilter.ofUser("ana");
  private static final long NOW_MS = Instant.parse("2026-02-01T10:00:00Z").toEpochMilli();

  private final AtomicLong nanos = new AtomicLong();

  private static OfUser revocation(boolean complete) {
    var command = Deliveries.command(2, NOW_MS - Duration.ofMinutes(12).toMillis());
    var outstanding =
        new Outstanding(
            command,
            DeliveryState.FAILED,
            NOW_MS - 60_000,
            NOW_MS - 30_000,
            new ResultDetails(
                ErrorClass.NEEDS_PERSON, "42704", "role does not exist", 3, "snowflake-1"));
    return new OfUser(List.of(DeliveryViews.view(outstanding, NOW_MS)), complete);
  }

  private static AccessView access(String sourceType) {
    return new AccessView("orders", sourceType, false, List.of(), 0);
  }

  private Page<AccessView> page(DeliverySource source) {
    try (var notes = new DeliveryNotes(source, nanos::get)) {
      return page(notes);
    }
  }

  private static Page<AccessView> page(DeliveryNotes notes) {
    return notes.beside(
        ASKED,
        FILTER,
        () -> new Page<>(List.of(access("Databricks"), access("Snowflake")), "next"),
        DeliveryViews::with);
  }

  private static DeliveryNote note(Page<AccessView> page, int item) {
    return Objects.requireNonNull(page.items().get(item).delivery());
  }

  @Test
  void shouldSayWhatIsOutstandingAndWhatIsNot() {
    var page = page((asked, filter, max, timeout) -> revocation(true));

    assertThat(page.next()).isEqualTo("next");
    var none = note(page, 0);
    assertThat(none.outstanding()).isFalse();
    assertThat(none.state()).isNull();
    assertThat(none.says()).startsWith("nothing is outstanding");
    var revoked = note(page, 1);
    assertThat(revoked.outstanding()).isTrue();
    assertThat(revoked.state()).isEqualTo(DeliveryState.FAILED);
    assertThat(revoked.code()).isEqualTo("42704");
    assertThat(revoked.attempts()).isEqualTo(3);
    assertThat(revoked.executor()).isEqualTo("snowflake-1");
    assertThat(revoked.says())
        .isEqualTo(
            "revoked by the decision, not yet confirmed by Snowflake after 12 min (overdue; failed,"
                + " a person has to act): \"role does not exist\"");
  }

  @Test
  void shouldNotTakeWhatWasNotReadForConfirmed() {
    var page = page((asked, filter, max, timeout) -> revocation(false));

    assertThat(note(page, 0).outstanding()).isNull();
    assertThat(note(page, 0).says()).contains("is not known");
    assertThat(note(page, 1).outstanding()).isTrue();
  }

  @Test
  void shouldAnswerTheDecisionIfAPartitionOfDeliveryIsUnavailable() {
    var page =
        page(
            (asked, filter, max, timeout) -> {
              throw new ShardUnavailableException(ShardKind.DELIVERIES, 2, "it is moving");
            });

    assertThat(note(page, 0).outstanding()).isNull();
    assertThat(note(page, 1).says())
        .contains("is not known now: partition 2 of deliveries is unavailable now: it is moving");
  }

  @Test
  void shouldNotShowTheTextOfAnUnexpectedFailure() {
    var page =
        page(
            (asked, filter, max, timeout) -> {
              throw new IllegalStateException("inside");
            });

    assertThat(note(page, 0).says()).endsWith("delivery cannot be asked");
  }

  @Test
  void shouldWaitOnceForDeliveryThatHangsAndThenNotForAWhile() {
    var never = new CountDownLatch(1);
    var asked = new AtomicInteger();
    DeliverySource source =
        (who, filter, max, timeout) -> {
          if (asked.incrementAndGet() == 1) {
            await(never);
          }
          return revocation(true);
        };
    try (var notes = new DeliveryNotes(source, nanos::get)) {
      assertThat(note(page(notes), 0).says()).endsWith("delivery did not answer in time");
      assertThat(note(page(notes), 0).says()).endsWith("delivery did not answer in time");
      assertThat(asked).hasValue(1);

      nanos.addAndGet(Duration.ofSeconds(6).toNanos());
      assertThat(note(page(notes), 1).outstanding()).isTrue();
      assertThat(note(page(notes), 1).outstanding()).isTrue();
      assertThat(asked).hasValue(3);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void shouldPassOnAFailureOfTheDecision() {
    try (var notes = new DeliveryNotes((asked, filter, max, timeout) -> revocation(true))) {
      assertThatThrownBy(
              () ->
                  notes.beside(
                      ASKED,
                      FILTER,
                      () -> {
                        throw new ShardUnavailableException(ShardKind.USERS, 1, "it is moving");
                      },
                      (Object decided, @Nullable OfUser known, String why) -> decided))
          .isInstanceOf(ShardUnavailableException.class);
    }
  }

  @Test
  void shouldExplainARevocationWhoseProductIsGone() {
    var view =
        DeliveryViews.with(
            new ExplainView(
                "ana", "orders", List.of(), false, false, "no", null, List.of(), 0, null),
            revocation(true),
            "");

    assertThat(view.delivery())
        .singleElement()
        .satisfies(
            note -> {
              assertThat(note.sourceType()).isEqualTo("Snowflake");
              assertThat(note.outstanding()).isTrue();
            });
  }
}
