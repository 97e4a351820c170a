package dev.sluice.registry;

import dev.sluice.avro.AccessAction;
import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.AccessRequested;
import dev.sluice.avro.CommandReason;
import dev.sluice.avro.DataSource;
import dev.sluice.avro.ProductEvent;
import dev.sluice.avro.ProductPublished;
import dev.sluice.contract.TrustedRecords;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Records to write and read. */
public final class Records {
  static {
    // Builders copy default values, for which Avro asks whether their classes are trusted.
    TrustedRecords.trust();
  }

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private Records() {}

  public static AccessCommand command() {
    return AccessCommand.newBuilder()
        .setAction(AccessAction.GRANT)
        .setUserId("ada")
        .setSourceId("sales.orders")
        .setSourceType("Snowflake")
        .setProductId("orders")
        .setReason(CommandReason.ACCESS_APPROVED)
        .setCauseEventId("e-1")
        .setRevision(7)
        .setOccurredAt(NOON)
        .build();
  }

  static ProductEvent published() {
    return event(
        ProductPublished.newBuilder()
            .setName("Orders")
            .setDomains(List.of("sales", "finance"))
            .setDataSources(
                List.of(
                    new DataSource("sales.orders", "Snowflake"),
                    new DataSource("sales.lines", "Databricks")))
            .build());
  }

  static ProductEvent requested() {
    return event(
        AccessRequested.newBuilder()
            .setRequestId("r-1")
            .setUserId("ada")
            .setAnswers(Map.of("why", "forecasts"))
            .build());
  }

  private static ProductEvent event(Object payload) {
    return ProductEvent.newBuilder()
        .setEventId("e-1")
        .setProductId("orders")
        .setSequence(3L)
        .setOccurredAt(NOON)
        .setActor("marketplace")
        .setPayload(payload)
        .build();
  }
}
