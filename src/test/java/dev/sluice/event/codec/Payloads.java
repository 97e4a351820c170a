package dev.sluice.event.codec;

import dev.sluice.event.Agreement;
import dev.sluice.event.ApprovalPolicy;
import dev.sluice.event.DataSource;
import dev.sluice.event.Expert;
import dev.sluice.event.Payload;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** One payload of every type, with all that can be given, and with as little as can be. */
final class Payloads {
  private static final Instant EXPIRY = Instant.parse("2026-06-30T22:00:00.123Z");
  private static final Instant START = Instant.parse("2026-06-01T00:00:00Z");

  private Payloads() {}

  static Stream<Payload> full() {
    var policy =
        new ApprovalPolicy(
            "2",
            List.of("dua"),
            "sensitive",
            List.of(
                new ApprovalPolicy.Stage(
                    "owners",
                    List.of(
                        new ApprovalPolicy.Approver("USER", "u1", "Una"),
                        new ApprovalPolicy.Approver("USER", "u3", null)),
                    2),
                new ApprovalPolicy.Stage(
                    null, List.of(new ApprovalPolicy.Approver("USER", "u2", null)))),
            "P14D",
            "P90D");
    var agreements = List.of(new Agreement("dua", "Terms"), new Agreement("nda", null));
    var expert = new Expert("u9", "Eve");
    var sources = List.of(new DataSource("s1", "Snowflake"), new DataSource("s2", "Databricks"));
    return Stream.of(
        new Payload.ProductPublished(
            "Sales", "All of it", List.of("d1", "d2"), sources, policy, agreements, expert),
        new Payload.ProductUpdated(
            "Sales", "All of it", List.of("d1", "d2"), policy, agreements, expert),
        new Payload.DataSourcesReplaced(sources),
        new Payload.ProductSuspended("audit"),
        new Payload.ProductResumed("audited"),
        new Payload.ProductDeleted("retired"),
        new Payload.AccessRequested("r1", "ana", true, Map.of("why", "work", "how long", "ever")),
        new Payload.DeterminationMade(
            "r1", "boss", Payload.Decision.DENY, "no", EXPIRY, null, "P30D", START),
        new Payload.AccessApproved("r1", "ana", "boss", EXPIRY, "PT12H", START),
        new Payload.AccessDenied("r1", "no"),
        new Payload.AccessRequestCanceled("r1", "changed"),
        new Payload.AccessRevoked("r1", "ana", "left"),
        new Payload.ApproversReplaced(
            "r1", "2", List.of(new ApprovalPolicy.Approver("USER", "u4", "Uwe")), "moved"));
  }

  static Stream<Payload> bare() {
    return Stream.of(
        new Payload.ProductPublished("Sales", null, List.of(), List.of(), null, List.of(), null),
        new Payload.ProductUpdated(null, null, null, null, null, null),
        new Payload.DataSourcesReplaced(List.of()),
        new Payload.ProductSuspended(null),
        new Payload.ProductResumed(null),
        new Payload.ProductDeleted(null),
        new Payload.AccessRequested("r1", "ana", false, Map.of()),
        new Payload.DeterminationMade("r1", "boss", Payload.Decision.APPROVE, null, null, null),
        new Payload.AccessApproved("r1", "ana", "boss", null),
        new Payload.AccessDenied("r1", null),
        new Payload.AccessRequestCanceled("r1", null),
        new Payload.AccessRevoked(null, "ana", null),
        new Payload.ApproversReplaced("r1", null, List.of(), null));
  }

  static Stream<Payload> all() {
    return Stream.concat(full(), bare());
  }
}
