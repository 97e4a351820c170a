package dev.sluice.sim;

import dev.sluice.event.Agreement;
import dev.sluice.event.ApprovalPolicy;
import dev.sluice.event.DataSource;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Random events over few products, users and sources, so that they overlap and collide. */
public final class Histories {

  /** How many there are of each; the first few users and sources are hot. */
  record Crowd(int products, int users, int sources) {}

  private final Random random;
  private final Crowd crowd;
  private final Map<String, Long> sequences = new HashMap<>();
  private final List<ProductEvent> earlier = new ArrayList<>();
  private Instant now = Instant.EPOCH;
  private Instant clock = Instant.EPOCH;
  private boolean hasEarlyRevocations;
  private int next;

  public Histories(long seed) {
    this(new Random(seed), new Crowd(5, 6, 8));
  }

  Histories(Random random, Crowd crowd) {
    this.random = random;
    this.crowd = crowd;
  }

  /**
   * Lets revocations have a time in the future. They count as of the present, so their effect
   * depends on when they are read, and reading them again later may lead elsewhere.
   */
  Histories withEarlyRevocations() {
    hasEarlyRevocations = true;
    return this;
  }

  /** The next event: mostly sense, some nonsense, some duplicates. */
  public ProductEvent next(Instant clock) {
    turnTo(clock);
    if (!earlier.isEmpty() && random.nextInt(12) == 0) {
      return earlier.get(random.nextInt(earlier.size()));
    }
    return event(random.nextInt(60) == 0 ? "p|" : product(), payload());
  }

  /** Some events are read late, and some clocks are fast. */
  private void turnTo(Instant clock) {
    this.clock = clock;
    now =
        switch (random.nextInt(16)) {
          case 0, 1 -> clock.minus(Duration.ofHours(random.nextInt(48)));
          case 2 -> clock.minus(Duration.ofDays(random.nextInt(20)));
          case 3 -> clock.plus(Duration.ofHours(random.nextInt(72)));
          default -> clock;
        };
  }

  /** Products to begin with. */
  List<ProductEvent> beginning(Instant clock) {
    now = clock;
    this.clock = clock;
    var events = new ArrayList<ProductEvent>();
    for (int i = 0; i < crowd.products; i++) {
      if (random.nextInt(10) > 0) {
        var policy = random.nextInt(3) > 0 ? null : policy();
        events.add(
            event(
                "p" + i,
                new Payload.ProductPublished(
                    "name", null, List.of(), sources(), policy, agreements(), null)));
      }
    }
    return events;
  }

  /** Many become members of one product. */
  List<ProductEvent> crowd(Instant clock) {
    turnTo(clock);
    var productId = product();
    var events = new ArrayList<ProductEvent>();
    for (int i = random.nextInt(crowd.users); i < crowd.users; i++) {
      events.add(
          event(productId, new Payload.AccessApproved("r" + i, userOf("r" + i), "boss", expiry())));
    }
    return events;
  }

  /** A request waits for several approvers, and something may come between. */
  List<ProductEvent> review(Instant clock) {
    turnTo(clock);
    var productId = product();
    var request = "q" + next;
    var user = "u" + pick(crowd.users);
    var events = new ArrayList<ProductEvent>();
    var policy =
        new ApprovalPolicy(
            "2",
            List.of(),
            null,
            List.of(
                new ApprovalPolicy.Stage(
                    null,
                    List.of(
                        new ApprovalPolicy.Approver("USER", "a0", null),
                        new ApprovalPolicy.Approver("USER", "a1", null),
                        new ApprovalPolicy.Approver("USER", "a2", null)),
                    1 + random.nextInt(3))),
            random.nextInt(3) > 0 ? duration() : null,
            random.nextInt(4) == 0 ? duration() : null);
    events.add(event(productId, new Payload.ProductUpdated(null, null, null, policy, null, null)));
    events.add(event(productId, new Payload.AccessRequested(request, user, true, Map.of())));
    for (int i = random.nextInt(7); i > 0; i--) {
      events.add(event(productId, about(request, user)));
    }
    return events;
  }

  private Payload about(String request, String user) {
    return switch (random.nextInt(12)) {
      case 0, 1 -> new Payload.ProductSuspended(null);
      case 2 -> new Payload.ApproversReplaced(request, null, approvers(3), null);
      case 3 -> new Payload.AccessRevoked(null, user, null);
      case 4 -> new Payload.AccessApproved(request, user, "boss", expiry(), grantedFor(), start());
      default ->
          new Payload.DeterminationMade(
              request,
              "a" + random.nextInt(3),
              Payload.Decision.APPROVE,
              null,
              expiry(),
              null,
              grantedFor(),
              random.nextInt(3) == 0 ? now.plus(Duration.ofHours(random.nextInt(99))) : start());
    };
  }

  /** One product changes again and again. */
  List<ProductEvent> storm(Instant clock) {
    turnTo(clock);
    var productId = product();
    var events = new ArrayList<ProductEvent>();
    for (int i = 2 + random.nextInt(5); i > 0; i--) {
      events.add(
          event(
              productId,
              switch (random.nextInt(4)) {
                case 0 -> new Payload.ProductSuspended(null);
                case 1 -> new Payload.ProductResumed(null);
                default -> new Payload.DataSourcesReplaced(sources());
              }));
    }
    return events;
  }

  /** Returns some of the last events again, unchanged. */
  List<ProductEvent> duplicates() {
    var from = Math.max(0, earlier.size() - 1 - random.nextInt(10));
    return List.copyOf(earlier.subList(from, earlier.size()));
  }

  private ProductEvent event(String productId, Payload payload) {
    var sequence = sequences.merge(productId, 1L, Long::sum);
    var event =
        new ProductEvent(
            eventId(),
            productId,
            switch (random.nextInt(10)) {
              case 0 -> null;
              case 1 -> sequence + 2 - random.nextInt(20);
              case 2 -> random.nextInt(4) > 0 ? sequence : strange(sequence);
              default -> sequence;
            },
            takes(payload) && !hasEarlyRevocations && now.isAfter(clock) ? clock : now,
            "api",
            payload);
    next++;
    earlier.add(event);
    return event;
  }

  /** Whether the event counts as of the present if its own time is ahead. */
  private static boolean takes(Payload payload) {
    return switch (payload) {
      case Payload.AccessRevoked p -> true;
      case Payload.AccessDenied p -> true;
      case Payload.AccessRequestCanceled p -> true;
      case Payload.DeterminationMade p -> p.decision() == Payload.Decision.DENY;
      default -> false;
    };
  }

  private long strange(long sequence) {
    return switch (random.nextInt(4)) {
      case 0 -> Long.MAX_VALUE - random.nextInt(3);
      case 1 -> sequence + 1_000_000_000_000_000_000L;
      case 2 -> sequence - 60 - random.nextInt(10);
      default -> -1 - random.nextInt(3);
    };
  }

  /** Somebody else's event under the id of an earlier one. */
  private String eventId() {
    return switch (random.nextInt(160)) {
      case 0, 1 -> "";
      case 2 -> " ";
      case 3, 4 -> next == 0 ? "e0" : "e" + random.nextInt(next);
      default -> "e" + next;
    };
  }

  /** How far the clock jumps before the next event: mostly not at all. */
  public Duration jump() {
    return switch (random.nextInt(24)) {
      case 0 -> Duration.ofMinutes(random.nextInt(600));
      case 1 -> Duration.ofHours(random.nextInt(200));
      case 2 -> Duration.ofDays(random.nextInt(12));
      default -> Duration.ZERO;
    };
  }

  /** Whether everything restarts before the next event. */
  public boolean restarts() {
    return random.nextInt(30) == 0;
  }

  private Payload payload() {
    return switch (random.nextInt(33)) {
      case 0, 1, 2 ->
          new Payload.ProductPublished(
              "name", null, List.of(), sources(), policy(), agreements(), null);
      case 3 ->
          new Payload.ProductUpdated("name" + random.nextInt(3), null, null, policy(), null, null);
      case 4, 5, 6, 7 -> new Payload.DataSourcesReplaced(sources());
      case 8, 9 -> new Payload.ProductSuspended(null);
      case 10, 11 -> new Payload.ProductResumed(null);
      case 12 ->
          random.nextInt(6) == 0
              ? new Payload.ProductDeleted("over")
              : new Payload.ProductResumed(null);
      case 13, 14, 15 -> {
        var request = request();
        yield new Payload.AccessRequested(request, userOf(request), random.nextBoolean(), Map.of());
      }
      case 16, 17, 18, 19, 20 -> {
        var request = request();
        yield new Payload.AccessApproved(
            request, userOf(request), "boss", expiry(), grantedFor(), start());
      }
      case 31 ->
          new Payload.ApproversReplaced(
              request(), stage(), approvers(random.nextInt(12) == 0 ? 0 : 2), null);
      case 26, 27, 28, 29, 30, 32 ->
          new Payload.DeterminationMade(
              request(),
              approver(),
              random.nextInt(5) == 0 ? Payload.Decision.DENY : Payload.Decision.APPROVE,
              null,
              expiry(),
              stage(),
              grantedFor(),
              start());
      case 21 -> new Payload.AccessDenied(request(), "no");
      case 22 -> new Payload.AccessRequestCanceled(request(), null);
      default -> {
        var request = request();
        yield random.nextBoolean()
            ? new Payload.AccessRevoked(null, user(), null)
            : new Payload.AccessRevoked(request, userOf(request), null);
      }
    };
  }

  private Instant expiry() {
    return switch (random.nextInt(4)) {
      case 0 -> now.plus(Duration.ofHours(random.nextInt(400) - 20));
      case 1 -> now.plus(Duration.ofDays(random.nextInt(20)));
      default -> null;
    };
  }

  private String grantedFor() {
    return random.nextInt(5) == 0 ? duration() : null;
  }

  /** Mostly a duration. */
  private String duration() {
    return switch (random.nextInt(24)) {
      case 0 -> "P1M";
      case 1 -> "PT0H";
      case 2, 3, 4, 5, 6, 7, 8 -> "PT" + (1 + random.nextInt(99)) + "H";
      default -> "P" + (1 + random.nextInt(20)) + "D";
    };
  }

  private Instant start() {
    return random.nextInt(8) == 0 ? now.plus(Duration.ofHours(random.nextInt(300) - 30)) : null;
  }

  /** Of those who request, one approves too. */
  private String approver() {
    return random.nextInt(6) == 0 ? "u0" : "a" + random.nextInt(3);
  }

  private String stage() {
    return switch (random.nextInt(8)) {
      case 0 -> "stage";
      case 1, 2 -> String.valueOf(1 + random.nextInt(3));
      case 3 -> "first";
      default -> null;
    };
  }

  private ApprovalPolicy policy() {
    if (random.nextInt(3) == 0) {
      return null;
    }
    var stages = new ArrayList<ApprovalPolicy.Stage>();
    for (int i = random.nextInt(4); i > 0; i--) {
      var approvers = approvers(random.nextInt(12) == 0 ? 0 : 1 + random.nextInt(3));
      var needed =
          switch (random.nextInt(30)) {
            case 0 -> random.nextInt(6) - 1;
            case 1, 2, 3, 4, 5, 6, 7, 8, 9 ->
                Math.max(1, (int) approvers.stream().map(a -> a.id()).distinct().count());
            default -> 1;
          };
      var name = random.nextInt(3) == 0 ? (stages.isEmpty() ? "first" : "2") : "stage";
      stages.add(new ApprovalPolicy.Stage(name, approvers, needed));
    }
    return new ApprovalPolicy(
        "1",
        List.of(),
        null,
        stages,
        random.nextInt(4) == 0 ? duration() : null,
        random.nextInt(4) == 0 ? duration() : null);
  }

  private List<ApprovalPolicy.Approver> approvers(int number) {
    var approvers = new ArrayList<ApprovalPolicy.Approver>();
    for (int i = 0; i < number; i++) {
      approvers.add(
          new ApprovalPolicy.Approver(
              random.nextInt(40) == 0 ? "GROUP" : "USER", approver(), null));
    }
    return approvers;
  }

  private List<Agreement> agreements() {
    return random.nextInt(4) == 0 ? List.of(new Agreement("dua", null)) : List.of();
  }

  private String request() {
    return random.nextInt(60) == 0 ? "r\n" : "r" + random.nextInt(Math.max(40, 2 * crowd.users));
  }

  private String user() {
    return switch (random.nextInt(80)) {
      case 0 -> "x".repeat(257);
      case 1 -> "u\uFFFD";
      case 2 -> "u1\u200B";
      case 3 -> "u1 ";
      default -> "u" + pick(crowd.users);
    };
  }

  private String product() {
    return "p" + random.nextInt(crowd.products);
  }

  /** Where there are many, half of the time one of the first four. */
  private int pick(int of) {
    return random.nextInt(of > 8 && random.nextBoolean() ? 4 : of);
  }

  /** Mostly the same user for the same request. */
  private String userOf(String request) {
    return random.nextInt(4) == 0 ? user() : "u" + Math.floorMod(request.hashCode(), crowd.users);
  }

  private List<DataSource> sources() {
    var sources = new ArrayList<DataSource>();
    for (int i = random.nextInt(6); i > 0; i--) {
      var id = random.nextInt(100) == 0 ? "s|1" : "s" + pick(crowd.sources);
      sources.add(new DataSource(id, random.nextInt(5) == 0 ? "Databricks" : "Snowflake"));
    }
    return sources;
  }
}
