package dev.sluice.product;

import static dev.sluice.event.Events.approved;
import static dev.sluice.event.Events.deleted;
import static dev.sluice.event.Events.policy;
import static dev.sluice.event.Events.published;
import static dev.sluice.event.Events.publishedWithApproval;
import static dev.sluice.event.Events.renamed;
import static dev.sluice.event.Events.replaced;
import static dev.sluice.event.Events.requested;
import static dev.sluice.event.Events.resumed;
import static dev.sluice.event.Events.source;
import static dev.sluice.event.Events.sources;
import static dev.sluice.event.Events.suspended;
import static dev.sluice.event.Events.updated;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.event.Agreement;
import dev.sluice.event.Events;
import dev.sluice.event.Expert;
import dev.sluice.event.Payload.ProductPublished;
import dev.sluice.event.Payload.ProductUpdated;
import dev.sluice.event.ProductEvent;
import dev.sluice.update.AccessUpdate.ProductRevised;
import dev.sluice.update.SourceRef;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProductDeciderTest {

  @Test
  void shouldPublishAnActiveProductAtRevisionOne() {
    var product = Decided.after().apply(published("p1", "s1", "s2")).product();

    assertThat(product.state()).isEqualTo(ProductState.ACTIVE);
    assertThat(product.revision()).isEqualTo(1);
    assertThat(product.sources())
        .containsExactly(new SourceRef("s1", "Snowflake"), new SourceRef("s2", "Snowflake"));
    assertThat(product.members()).isEqualTo(MemberCounts.NONE);
    assertThat(product.requests()).isEqualTo(RequestCounts.NONE);
  }

  @Test
  void shouldTellNobodyOfANewProduct() {
    var applied = Decided.after().apply(published("p1", "s1"));

    assertThat(applied.updates()).isEmpty();
    assertThat(applied.requests()).isEmpty();
  }

  @Test
  void shouldPublishAProductWithoutSources() {
    assertThat(Decided.after().apply(published("p1")).product().sources()).isEmpty();
  }

  @Test
  void shouldKeepWhatPeopleReadAboutAPublishedProduct() {
    var expert = new Expert("u7", "Eve");
    var payload =
        new ProductPublished(
            "Sales",
            "All of it",
            List.of("d1"),
            sources("s1"),
            policy("one"),
            List.of(new Agreement("dua", "Terms")),
            expert);
    var event = new ProductEvent("e1", "p1", 4L, Events.NOON, "api", payload);

    var product = Decided.after().apply(event).product();

    assertThat(product.details())
        .isEqualTo(new Product.Details("Sales", "All of it", List.of("d1"), expert));
    assertThat(product.policy()).isEqualTo(policy("one"));
    assertThat(product.agreements()).containsExactly(new Agreement("dua", "Terms"));
    assertThat(product.lastSequence()).isEqualTo(4);
  }

  @Test
  void shouldReplaceOnlyWhatAnUpdateGives() {
    var decided = Decided.after(publishedWithApproval("p1", "s1"));
    var update = new ProductUpdated(null, "New words", null, null, null, null);

    var product = decided.apply(updated("p1", update)).product();

    assertThat(product.details())
        .isEqualTo(new Product.Details("Sales", "New words", List.of(), null));
    assertThat(product.policy()).isEqualTo(policy("one"));
  }

  @Test
  void shouldReplaceEverythingThatAnUpdateGives() {
    var expert = new Expert("u7", null);
    var agreements = List.of(new Agreement("dua", null));
    var update = new ProductUpdated("N", "D", List.of("d9"), policy("a", "b"), agreements, expert);

    var product = Decided.after(published("p1", "s1")).apply(updated("p1", update)).product();

    assertThat(product.details()).isEqualTo(new Product.Details("N", "D", List.of("d9"), expert));
    assertThat(product.policy()).isEqualTo(policy("a", "b"));
    assertThat(product.agreements()).isEqualTo(agreements);
  }

  @Test
  void shouldDropADescriptionThatIsUpdatedToNothing() {
    var decided =
        Decided.after(
            published("p1"),
            updated("p1", new ProductUpdated(null, "Words", null, null, null, null)));

    var applied =
        decided.apply(updated("p1", new ProductUpdated(null, "", null, null, null, null)));

    assertThat(applied.product().details().description()).isNull();
  }

  @Test
  void shouldKeepRevisionAndTellNobodyOfAnUpdate() {
    var decided = Decided.after(published("p1", "s1"), approved("p1", "r1", "ana"));

    var applied = decided.apply(renamed("p1", "Other"));

    assertThat(applied.product().revision()).isEqualTo(1);
    assertThat(applied.updates()).isEmpty();
  }

  @Test
  void shouldTakeAnUpdateToWhatHoldsForANoOp() {
    var decided = Decided.after(published("p1", "s1"));

    assertThat(decided.decide(renamed("p1", "Sales")))
        .isEqualTo(new Decision.NoOp(decided.product()));
  }

  @Test
  void shouldUpdateASuspendedProduct() {
    var decided = Decided.after(published("p1", "s1"), suspended("p1"));

    var product = decided.apply(renamed("p1", "Other")).product();

    assertThat(product.state()).isEqualTo(ProductState.SUSPENDED);
    assertThat(product.details().name()).isEqualTo("Other");
  }

  @Test
  void shouldReplaceSourcesAtANewRevision() {
    var decided = Decided.after(published("p1", "s1", "s2"), approved("p1", "r1", "ana"));

    var applied = decided.apply(replaced("p1", "s2", "s3"));

    assertThat(applied.product().revision()).isEqualTo(2);
    assertThat(applied.product().sources())
        .extracting(s -> s.sourceId())
        .containsExactly("s2", "s3");
    assertThat(revised(applied).copy()).isEqualTo(applied.product().copy());
    assertThat(revised(applied).deleted()).isFalse();
  }

  @Test
  void shouldReplaceSourcesByNone() {
    var decided = Decided.after(published("p1", "s1"));

    assertThat(decided.apply(replaced("p1")).product().sources()).isEmpty();
  }

  @Test
  void shouldTakeTheSameSourcesInAnotherOrderForANoOp() {
    var decided = Decided.after(published("p1", "s1", "s2"));

    assertThat(decided.decide(replaced("p1", "s2", "s1", "s2")))
        .isEqualTo(new Decision.NoOp(decided.product()));
  }

  @Test
  void shouldReplaceSourcesOfASuspendedProductWithoutMakingItActive() {
    var decided =
        Decided.after(published("p1", "s1"), approved("p1", "r1", "ana"), suspended("p1"));

    var applied = decided.apply(replaced("p1", "s2"));

    assertThat(applied.product().state()).isEqualTo(ProductState.SUSPENDED);
    assertThat(revised(applied).copy().active()).isFalse();
    assertThat(revised(applied).copy().provided()).isEmpty();
  }

  @Test
  void shouldTakeAnotherTypeForAnotherSource() {
    var decided = Decided.after(published("p1", "s1"));

    var product = decided.apply(replaced("p1", List.of(source("s1", "Databricks")))).product();

    assertThat(product.sources()).containsExactly(new SourceRef("s1", "Databricks"));
    assertThat(product.revision()).isEqualTo(2);
  }

  @Test
  void shouldHoldOneIdUnderTwoTypes() {
    var sources = List.of(source("s1", "Snowflake"), source("s1", "Databricks"));

    assertThat(Decided.after().apply(published("p1", sources)).product().sources())
        .containsExactly(new SourceRef("s1", "Databricks"), new SourceRef("s1", "Snowflake"));
  }

  @Test
  void shouldSuspendAtANewRevisionThatIsNotActive() {
    var decided = Decided.after(published("p1", "s1"), approved("p1", "r1", "ana"));

    var applied = decided.apply(suspended("p1"));

    assertThat(applied.product().state()).isEqualTo(ProductState.SUSPENDED);
    assertThat(applied.product().revision()).isEqualTo(2);
    assertThat(applied.product().sources()).extracting(s -> s.sourceId()).containsExactly("s1");
    assertThat(applied.requests()).isEmpty();
    assertThat(revised(applied).copy().active()).isFalse();
  }

  @Test
  void shouldTakeSuspendingASuspendedProductForANoOp() {
    var decided = Decided.after(published("p1", "s1"), suspended("p1"));

    assertThat(decided.decide(suspended("p1"))).isEqualTo(new Decision.NoOp(decided.product()));
  }

  @Test
  void shouldResumeAtANewRevisionThatIsActive() {
    var decided =
        Decided.after(published("p1", "s1"), approved("p1", "r1", "ana"), suspended("p1"));

    var applied = decided.apply(resumed("p1"));

    assertThat(applied.product().state()).isEqualTo(ProductState.ACTIVE);
    assertThat(applied.product().revision()).isEqualTo(3);
    assertThat(revised(applied).copy().active()).isTrue();
  }

  @Test
  void shouldTakeResumingAnActiveProductForANoOp() {
    var decided = Decided.after(published("p1", "s1"));

    assertThat(decided.decide(resumed("p1"))).isEqualTo(new Decision.NoOp(decided.product()));
  }

  @Test
  void shouldLeaveASmallMarkerOfADeletedProduct() {
    var decided = Decided.after(publishedWithApproval("p1", "s1"), approved("p1", "r1", "ana"));

    var product = decided.apply(deleted("p1")).product();

    assertThat(product.state()).isEqualTo(ProductState.DELETED);
    assertThat(product.revision()).isEqualTo(2);
    assertThat(product.sources()).isEmpty();
    assertThat(product.policy()).isNull();
    assertThat(product.members()).isEqualTo(MemberCounts.NONE);
    assertThat(product.details().name()).isEqualTo("Sales");
    assertThat(product.requests().in(RequestState.REVOKED)).isEqualTo(1);
    assertThat(product.requests().in(RequestState.APPROVED)).isZero();
  }

  @Test
  void shouldTellThoseWithMembersThatAProductIsDeleted() {
    var decided = Decided.after(published("p1", "s1"), approved("p1", "r1", "cleo"));

    var revised = revised(decided.apply(deleted("p1")));

    assertThat(revised.deleted()).isTrue();
    assertThat(revised.copy().active()).isFalse();
    assertThat(revised.partitions()).containsExactly(2);
  }

  @Test
  void shouldDeleteASuspendedProduct() {
    var decided = Decided.after(published("p1", "s1"), suspended("p1"));

    assertThat(decided.apply(deleted("p1")).product().state()).isEqualTo(ProductState.DELETED);
  }

  @Test
  void shouldCountPendingRequestsOfADeletedProductAsCanceled() {
    var decided =
        Decided.after(
            publishedWithApproval("p1", "s1"),
            requested("p1", "r2", "bob"),
            requested("p1", "r1", "ana"),
            approved("p1", "r3", "cleo"));

    var applied = decided.apply(deleted("p1", "retired"));

    assertThat(applied.product().requests().in(RequestState.CANCELED)).isEqualTo(2);
    assertThat(applied.product().requests().in(RequestState.PENDING)).isZero();
  }

  @Test
  void shouldSendARevisionOnlyToPartitionsWithAMember() {
    var decided =
        Decided.after(
            published("p1", "s1"), approved("p1", "r1", "ana"), approved("p1", "r2", "cleo"));

    assertThat(revised(decided.apply(suspended("p1"))).partitions()).containsExactly(0, 2);
  }

  @Test
  void shouldTellNobodyOfARevisionOfAProductWithoutMembers() {
    var decided = Decided.after(published("p1", "s1"));

    assertThat(decided.apply(suspended("p1")).updates()).isEmpty();
  }

  @Test
  void shouldNameTheEventAsTheCauseOfARevision() {
    var decided = Decided.after(published("p1", "s1"), approved("p1", "r1", "ana"));

    var trigger = revised(decided.apply(suspended("p1"))).cause();

    assertThat(trigger.eventId()).isEqualTo("ProductSuspended-p1");
    assertThat(trigger.occurredAtMs()).isEqualTo(Events.NOON.toEpochMilli());
  }

  private static ProductRevised revised(Decision.Applied applied) {
    assertThat(applied.updates()).hasSize(1).first().isInstanceOf(ProductRevised.class);
    return (ProductRevised) applied.updates().getFirst();
  }
}
