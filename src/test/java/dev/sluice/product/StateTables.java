package dev.sluice.product;

import static dev.sluice.event.Events.allRevoked;
import static dev.sluice.event.Events.approved;
import static dev.sluice.event.Events.approvedUntil;
import static dev.sluice.event.Events.at;
import static dev.sluice.event.Events.canceled;
import static dev.sluice.event.Events.deleted;
import static dev.sluice.event.Events.denied;
import static dev.sluice.event.Events.event;
import static dev.sluice.event.Events.published;
import static dev.sluice.event.Events.renamed;
import static dev.sluice.event.Events.replaced;
import static dev.sluice.event.Events.requested;
import static dev.sluice.event.Events.resumed;
import static dev.sluice.event.Events.revoked;
import static dev.sluice.event.Events.sequenced;
import static dev.sluice.event.Events.source;
import static dev.sluice.event.Events.sources;
import static dev.sluice.event.Events.suspended;
import static dev.sluice.event.Events.updated;
import static dev.sluice.event.Events.withId;

import dev.sluice.event.ApprovalPolicy;
import dev.sluice.event.Events;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import dev.sluice.sim.Model;
import dev.sluice.update.AccessUpdate.MembershipChanged;
import dev.sluice.update.AccessUpdate.ProductRevised;
import dev.sluice.user.UserTables;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The states, the events, and what each event does in each state. */
final class StateTables {
  private static final Instant EARLIER = Events.NOON.minusSeconds(60);
  private static final Instant LATER = Events.NOON.plusSeconds(60);
  private static final Instant BEFORE_LAPSE = Events.NOON.minusSeconds(5400);

  /**
   * At stage 1 the requester is an approver too, and stage 2 needs two of three. A request waits an
   * hour.
   */
  private static final ApprovalPolicy POLICY =
      new ApprovalPolicy(
          "1",
          List.of(),
          null,
          List.of(stage("owner", 1, "amy", "ana"), stage("legal", 2, "bea", "bo", "bill")),
          "PT1H",
          null);

  private static final Map<String, List<ProductEvent>> PRODUCT = new LinkedHashMap<>();
  private static final Map<String, List<ProductEvent>> REQUEST = new LinkedHashMap<>();
  private static final Map<String, ProductEvent> EVENTS = new LinkedHashMap<>();

  static {
    PRODUCT.put("not published", List.of());
    PRODUCT.put("ACTIVE", List.of());
    PRODUCT.put(
        "ACTIVE, after sequences 2 and 10",
        List.of(sequenced(2, renamed("p1", "Other")), sequenced(10, renamed("p1", "Yet another"))));
    PRODUCT.put("SUSPENDED", List.of(suspended("p1")));
    PRODUCT.put("DELETED", List.of(deleted("p1")));

    var asked = requested("p1", "r1", "ana");
    var given = approved("p1", "r1", "ana");
    REQUEST.put("none", List.of());
    REQUEST.put("PENDING, stage 1 of 2", List.of(asked));
    var passed = withId("e1", says("amy", Payload.Decision.APPROVE));
    REQUEST.put("PENDING, stage 2 of 2", List.of(asked, passed));
    REQUEST.put(
        "PENDING, stage 2 of 2, one of two approvals",
        List.of(asked, passed, withId("e2", says("bo", Payload.Decision.APPROVE))));
    REQUEST.put("PENDING since 10:30, lapses", List.of(at(BEFORE_LAPSE, asked)));
    REQUEST.put("SCHEDULED for later", List.of(startingLater()));
    REQUEST.put("APPROVED", List.of(given));
    REQUEST.put("APPROVED until later", List.of(approvedUntil("p1", "r1", "ana", LATER)));
    REQUEST.put("DENIED", List.of(asked, denied("p1", "r1")));
    REQUEST.put("CANCELED", List.of(asked, canceled("p1", "r1")));
    REQUEST.put("REVOKED", List.of(given, revoked("p1", "r1", "ana")));
    REQUEST.put("EXPIRED", List.of(approvedUntil("p1", "r1", "ana", Events.NOON)));

    EVENTS.put("ProductPublished, the first one", first());
    EVENTS.put("ProductPublished, another one", withId("another", first()));
    for (long sequence : new long[] {2, 3, 10, 11, Long.MAX_VALUE}) {
      EVENTS.put(
          "ProductUpdated, sequence " + sequence, sequenced(sequence, renamed("p1", "Other")));
    }
    EVENTS.put("ProductUpdated", renamed("p1", "Other"));
    EVENTS.put("ProductUpdated, nothing changes", renamed("p1", "Sales"));
    EVENTS.put(
        "ProductUpdated, a stage lists nobody",
        updated("p1", new Payload.ProductUpdated(null, null, null, nobody(), null, null)));
    EVENTS.put("DataSourcesReplaced", replaced("p1", "s1", "s2"));
    EVENTS.put("DataSourcesReplaced, the same", replaced("p1", "s1"));
    EVENTS.put(
        "DataSourcesReplaced, another type", replaced("p1", List.of(source("s1", "PostgreSQL"))));
    EVENTS.put("ProductSuspended", suspended("p1"));
    EVENTS.put("ProductResumed", resumed("p1"));
    EVENTS.put("ProductDeleted", deleted("p1"));
    EVENTS.put("AccessRequested", asked);
    EVENTS.put("AccessApproved", given);
    EVENTS.put("AccessApproved, until later", approvedUntil("p1", "r1", "ana", LATER));
    EVENTS.put("AccessApproved, the end is past", approvedUntil("p1", "r1", "ana", Events.NOON));
    EVENTS.put("AccessApproved, for another user", approved("p1", "r1", "ben"));
    EVENTS.put("AccessApproved, starting later", startingLater());
    EVENTS.put("AccessApproved, for a month", lasting("P1M"));
    EVENTS.put("AccessApproved, for 30 days", lasting("P30D"));
    EVENTS.put("AccessApproved, from before noon", at(EARLIER, given));
    EVENTS.put(
        "AccessApproved, from before noon, until later",
        at(EARLIER, approvedUntil("p1", "r1", "ana", LATER)));
    EVENTS.put(
        "AccessApproved, from before noon, until then",
        at(EARLIER, approvedUntil("p1", "r1", "ana", EARLIER)));
    EVENTS.put("AccessApproved, from later", at(LATER, given));
    EVENTS.put("AccessDenied", denied("p1", "r1"));
    EVENTS.put("AccessRequestCanceled", canceled("p1", "r1"));
    for (var decision : Payload.Decision.values()) {
      EVENTS.put("DeterminationMade, " + decision + " by stage 1", says("amy", decision));
      EVENTS.put("DeterminationMade, " + decision + " by stage 2", says("bea", decision));
      EVENTS.put("DeterminationMade, " + decision + " by another", says("cy", decision));
    }
    EVENTS.put(
        "DeterminationMade, APPROVE by the user",
        withId("own", says("ana", Payload.Decision.APPROVE)));
    EVENTS.put(
        "DeterminationMade, DENY by the user", withId("own", says("ana", Payload.Decision.DENY)));
    EVENTS.put("DeterminationMade, APPROVE by stage 1, about stage 1", about("1", "amy"));
    EVENTS.put("DeterminationMade, APPROVE by stage 1, about stage 2", about("legal", "amy"));
    EVENTS.put("DeterminationMade, APPROVE by stage 2, about stage 2", about("legal", "bea"));
    EVENTS.put("DeterminationMade, the same that passed stage 1", passed);
    EVENTS.put(
        "DeterminationMade, DENY under the eventId that passed stage 1",
        withId("e1", says("amy", Payload.Decision.DENY)));
    EVENTS.put(
        "DeterminationMade, APPROVE by stage 2, by the same one again",
        withId("again", says("bo", Payload.Decision.APPROVE)));
    EVENTS.put(
        "DeterminationMade, APPROVE by stage 1, from 11:00",
        at(Events.NOON.minusSeconds(3600), says("amy", Payload.Decision.APPROVE)));
    EVENTS.put("ApproversReplaced, of the current stage", approvers(null, "cy", "dan"));
    EVENTS.put("ApproversReplaced, of stage 1", approvers("owner", "cy"));
    EVENTS.put("ApproversReplaced, of stage 2", approvers("legal", "cy", "dan"));
    EVENTS.put("ApproversReplaced, of stage 2, too few", approvers("legal", "cy"));
    EVENTS.put("AccessRevoked", revoked("p1", "r1", "ana"));
    EVENTS.put("AccessRevoked, all of the user's", allRevoked("p1", "ana"));
    EVENTS.put("AccessRevoked, of another user", revoked("p1", "r1", "ben"));
    EVENTS.put("AccessRevoked, from before noon", at(EARLIER, revoked("p1", "r1", "ana")));
    EVENTS.put(
        "AccessRevoked, from before noon, all of the user's", at(EARLIER, allRevoked("p1", "ana")));
    EVENTS.put("AccessRevoked, from later", at(LATER, revoked("p1", "r1", "ana")));
    EVENTS.put("AccessRevoked, from later, all of the user's", at(LATER, allRevoked("p1", "ana")));
  }

  private StateTables() {}

  /**
   * One event in one state.
   *
   * @param outcome what the decider says
   * @param expected what the naive model says
   * @param effect what happens, in a few words
   */
  record Cell(
      String product,
      String request,
      String event,
      String outcome,
      String expected,
      String effect) {
    @Override
    public String toString() {
      return event + " | product " + product + " | request " + request;
    }
  }

  static List<Cell> cells() {
    var cells = new ArrayList<Cell>();
    PRODUCT.forEach(
        (product, after) ->
            REQUEST.forEach(
                (request, history) -> {
                  if (!product.equals("not published")) {
                    var all = Stream.of(List.of(first()), history, after).flatMap(List::stream);
                    cells.addAll(column(product, request, all.toList()));
                  } else if (history.isEmpty()) {
                    cells.addAll(column(product, request, List.of()));
                  }
                }));
    return cells;
  }

  private static List<Cell> column(String product, String request, List<ProductEvent> history) {
    var decided = Decided.after(history.toArray(ProductEvent[]::new));
    var cells = new ArrayList<Cell>();
    EVENTS.forEach(
        (name, event) -> {
          var model = new Model();
          history.forEach(e -> model.apply(e.productId(), e, Events.NOON));
          var expected = model.apply(event.productId(), event, Events.NOON);
          var decision = decided.decide(event);
          cells.add(
              new Cell(product, request, name, outcome(decision), expected, effect(decision)));
        });
    return cells;
  }

  private static String outcome(Decision decision) {
    return switch (decision) {
      case Decision.Applied applied -> "applied";
      case Decision.NoOp noOp -> "no_op";
      case Decision.Duplicate duplicate -> "duplicate";
      case Decision.Rejected rejected -> rejected.reason().name().toLowerCase(Locale.ROOT);
    };
  }

  private static String effect(Decision decision) {
    return switch (decision) {
      case Decision.NoOp noOp -> "–";
      case Decision.Duplicate duplicate -> "duplicate";
      case Decision.Rejected rejected -> rejected.reason().name();
      case Decision.Applied applied -> {
        var words = new ArrayList<String>();
        for (var change : applied.requests()) {
          var request = change.request();
          words.add(
              request.state()
                  + (request.currentStage() == null ? "" : " at " + (request.stage() + 1))
                  + (request.state() == RequestState.APPROVED && request.expiresAtMs() != null
                      ? " until then"
                      : ""));
        }
        for (var update : applied.updates()) {
          if (update instanceof MembershipChanged changed) {
            words.add(changed.member() ? "**joins**" : "**leaves**");
          } else if (update instanceof ProductRevised && applied.updates().size() == 1) {
            words.add("members settled");
          }
        }
        yield words.isEmpty() ? "done" : String.join(", ", words);
      }
    };
  }

  /** All of it as Markdown. */
  static String document() {
    var text =
        new StringBuilder(
            """
            # What each event does in each state

            Made by `StateTablesTest`, which compares it with the code and with a naive model. The product has two stages of
            approval: owner, by amy or ana, and legal, by two of bea, bo and bill. A request waits one hour for its
            approval. The request is ana's. It is noon by the worker's clock, and in every event without another time. A
            request that is EXPIRED ended at noon.

            | in a cell | meaning |
            |---|---|
            | REASON | the event is rejected with this reason |
            | duplicate | the event was accepted before, and is ignored |
            | – | nothing changes, because it holds already |
            | *done* | only the product itself changes |
            | PENDING at 1 | the request waits at the stage of this number |
            | until then | access lasts until the end in the event |
            | **joins**, **leaves** | the user becomes a member, or ceases to be one |
            | *members settled* | a new revision of the product goes to its members |
            """);
    var cells = cells();
    for (var product : PRODUCT.keySet()) {
      var columns =
          cells.stream()
              .filter(c -> c.product().equals(product))
              .map(Cell::request)
              .distinct()
              .toList();
      text.append("\n## The product is ").append(product).append("\n\n| the request is");
      columns.forEach(request -> text.append(" | ").append(request));
      text.append(" |\n|---").append("|---".repeat(columns.size())).append("|\n");
      for (var event : EVENTS.keySet()) {
        text.append("| ").append(event);
        cells.stream()
            .filter(c -> c.product().equals(product) && c.event().equals(event))
            .forEach(c -> text.append(" | ").append(c.effect()));
        text.append(" |\n");
      }
    }
    return text.append(UserTables.document()).toString();
  }

  private static ProductEvent first() {
    return published("p1", sources("s1"), POLICY);
  }

  private static ProductEvent says(String approver, Payload.Decision decision) {
    return event(
        "p1",
        "r1-" + approver,
        new Payload.DeterminationMade("r1", approver, decision, null, null, null));
  }

  private static ProductEvent about(String stage, String approver) {
    return event(
        "p1",
        "r1-" + approver + "-" + stage,
        new Payload.DeterminationMade("r1", approver, Payload.Decision.APPROVE, null, null, stage));
  }

  private static ApprovalPolicy.Stage stage(String name, int needed, String... approvers) {
    return new ApprovalPolicy.Stage(name, users(approvers), needed);
  }

  private static List<ApprovalPolicy.Approver> users(String... ids) {
    return Stream.of(ids).map(id -> new ApprovalPolicy.Approver("USER", id, null)).toList();
  }

  private static ProductEvent approvers(@Nullable String stage, String... ids) {
    return event(
        "p1", "r1-approvers", new Payload.ApproversReplaced("r1", stage, users(ids), null));
  }

  private static ProductEvent startingLater() {
    return event(
        "p1", "r1-later", new Payload.AccessApproved("r1", "ana", "boss", null, null, LATER));
  }

  private static ProductEvent lasting(String grantedFor) {
    return event(
        "p1",
        "r1-lasting",
        new Payload.AccessApproved("r1", "ana", "boss", null, grantedFor, null));
  }

  private static ApprovalPolicy nobody() {
    return new ApprovalPolicy(
        "1", List.of(), null, List.of(new ApprovalPolicy.Stage(null, List.of())));
  }
}
