package dev.sluice.sim;

import dev.sluice.event.Agreement;
import dev.sluice.event.ApprovalPolicy;
import dev.sluice.event.DataSource;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Random events over few products, users and sources, so that they overlap and collide. */
public final class Histories {
  private final Random random;
  private final Map<String, Long> sequences = new HashMap<>();
  private final List<ProductEvent> earlier = new ArrayList<>();
  private int next;

  public Histories(long seed) {
    random = new Random(seed);
  }

  /** The next event: mostly sense, some nonsense, some repeats. */
  public ProductEvent next() {
    if (!earlier.isEmpty() && random.nextInt(12) == 0) {
      return earlier.get(random.nextInt(earlier.size()));
    }
    var productId = random.nextInt(60) == 0 ? "p|" : "p" + random.nextInt(5);
    var sequence = sequences.merge(productId, 1L, Long::sum);
    var event =
        new ProductEvent(
            random.nextInt(80) == 0 ? "" : "e" + next,
            productId,
            switch (random.nextInt(10)) {
              case 0 -> null;
              case 1 -> (long) random.nextInt(20);
              default -> sequence;
            },
            Instant.ofEpochMilli(1_700_000_000_000L + 1000L * next++),
            "api",
            payload());
    earlier.add(event);
    return event;
  }

  private Payload payload() {
    return switch (random.nextInt(26)) {
      case 0, 1, 2 ->
          new Payload.ProductPublished(
              "name", null, List.of(), sources(), policy(), agreements(), null);
      case 3 ->
          new Payload.ProductUpdated("name" + random.nextInt(3), null, null, null, null, null);
      case 4, 5, 6, 7 -> new Payload.DataSourcesReplaced(sources());
      case 8, 9 -> new Payload.ProductSuspended(null);
      case 10, 11 -> new Payload.ProductResumed(null);
      case 12 ->
          random.nextInt(6) == 0
              ? new Payload.ProductDeleted("over")
              : new Payload.ProductResumed(null);
      case 13, 14, 15 ->
          new Payload.AccessRequested(request(), user(), random.nextBoolean(), Map.of());
      case 16, 17, 18, 19, 20 -> new Payload.AccessApproved(request(), user(), "boss", null);
      case 21 -> new Payload.AccessDenied(request(), "no");
      case 22 -> new Payload.AccessRequestCanceled(request(), null);
      default -> new Payload.AccessRevoked(random.nextBoolean() ? null : request(), user(), null);
    };
  }

  private ApprovalPolicy policy() {
    return switch (random.nextInt(4)) {
      case 0 ->
          new ApprovalPolicy(
              "1",
              List.of(),
              null,
              List.of(
                  new ApprovalPolicy.Stage(
                      "one", List.of(new ApprovalPolicy.Approver("USER", "boss", null)))));
      case 1 -> new ApprovalPolicy("1", List.of(), null, List.of());
      default -> null;
    };
  }

  private List<Agreement> agreements() {
    return random.nextInt(4) == 0 ? List.of(new Agreement("dua", null)) : List.of();
  }

  private String request() {
    return random.nextInt(60) == 0 ? "r\n" : "r" + random.nextInt(40);
  }

  private String user() {
    return random.nextInt(60) == 0 ? "x".repeat(257) : "u" + random.nextInt(6);
  }

  private List<DataSource> sources() {
    var sources = new ArrayList<DataSource>();
    for (int i = random.nextInt(6); i > 0; i--) {
      var id = random.nextInt(100) == 0 ? "s|1" : "s" + random.nextInt(8);
      sources.add(new DataSource(id, random.nextInt(60) == 0 ? "Databricks" : "Snowflake"));
    }
    return sources;
  }
}
