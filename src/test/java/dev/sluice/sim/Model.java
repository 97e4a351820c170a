package dev.sluice.sim;

import dev.sluice.avro.AccessCommand;
import dev.sluice.event.ApprovalPolicy;
import dev.sluice.event.DataSource;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The naive model: applies the table of what each event does, word for word, to plain maps, and
 * recomputes all access from nothing whenever it is asked. It shares no code with the stages.
 */
public final class Model {

  /** A user's access to a source, which is an id and a type. */
  public record Access(String userId, String sourceId, String sourceType) {
    /** To the source that a product has as {@code id|type}. */
    static Access to(String userId, String source) {
      var bar = source.indexOf('|');
      return new Access(userId, source.substring(0, bar), source.substring(bar + 1));
    }

    /** That a command is about. */
    public static Access of(AccessCommand command) {
      return new Access(command.getUserId(), command.getSourceId(), command.getSourceType());
    }

    /** As a product has it. */
    public String source() {
      return sourceId + "|" + sourceType;
    }
  }

  /** A product that gives a user access to a source. */
  public record Entitlement(Access access, String productId) {}

  /**
   * An approved request stays GIVEN until its end; the caller compares the end with its own time.
   */
  static final class ModelRequest {
    String userId = "";
    String state = "";
    ApprovalPolicy policy;
    List<ApprovalPolicy.Stage> stages = List.of();
    List<String> names = List.of();
    int passed;
    Map<String, List<Object>> passing = new HashMap<>();

    /** The determinations that count, by stage and approver. */
    Map<Integer, Map<String, Payload.DeterminationMade>> approvals = new HashMap<>();

    Long lapsesAt;
    Long startsAt;
    Long expiresAt;
    long grantedAt;

    /** The worker has seen that nobody decided in time. */
    boolean lapsed;

    String noticed = "";

    /** The worker's clock at its last reading, not the caller's. */
    long seenAt;

    /** The approval occurred after its own end, so it never gave access. */
    boolean lateApproval;

    ModelRequest copy() {
      var copy = new ModelRequest();
      copy.userId = userId;
      copy.state = state;
      copy.policy = policy;
      copy.stages = stages;
      copy.names = names;
      copy.passed = passed;
      copy.passing = new HashMap<>(passing);
      approvals.forEach((stage, by) -> copy.approvals.put(stage, new HashMap<>(by)));
      copy.lapsesAt = lapsesAt;
      copy.startsAt = startsAt;
      copy.lapsed = lapsed;
      copy.expiresAt = expiresAt;
      copy.grantedAt = grantedAt;
      copy.noticed = noticed;
      copy.seenAt = seenAt;
      copy.lateApproval = lateApproval;
      return copy;
    }

    boolean means(int stage, String words) {
      return words == null
          || (names.contains(words)
              ? names.get(stage).equals(words)
              : words.equals(String.valueOf(stage + 1)));
    }

    String now() {
      if (state.equals("PENDING")) {
        return lapsed ? "LAPSED" : "PENDING";
      }
      return lateApproval && state.equals("GIVEN") ? "EXPIRED" : at(seenAt);
    }

    String at(long time) {
      if (state.equals("PENDING")) {
        return lapsesAt != null && lapsesAt <= time ? "LAPSED" : "PENDING";
      }
      if (!state.equals("GIVEN")) {
        return state;
      }
      if (expiresAt != null && (expiresAt <= time || (startsAt != null && expiresAt <= startsAt))) {
        return "EXPIRED";
      }
      return startsAt != null && startsAt > time ? "SCHEDULED" : "APPROVED";
    }

    Set<String> approvedBy() {
      return approvals.getOrDefault(passed, Map.of()).keySet();
    }

    /** Takes the latest start and the earliest end of the determinations that count. */
    void takeTimes() {
      startsAt = null;
      expiresAt = null;
      for (var d : counting()) {
        var start = ms(d.startsAt());
        startsAt = startsAt == null || (start != null && start > startsAt) ? start : startsAt;
        expiresAt = least(expiresAt, ms(d.expiresAt()));
      }
    }

    Long grantedFor() {
      Long least = null;
      for (var d : counting()) {
        least = least(least, millis(d.grantedFor()));
      }
      return least;
    }

    private List<Payload.DeterminationMade> counting() {
      return approvals.values().stream().flatMap(by -> by.values().stream()).toList();
    }

    boolean givenAt(long time) {
      return List.of("SCHEDULED", "APPROVED").contains(at(time));
    }
  }

  static final class ModelProduct {
    String state = "ACTIVE";
    Long sequence;
    Map<Long, String> accepted = new HashMap<>(); // to the eventId
    String publishedBy = "";
    String name = "";
    List<Object> details = List.of();
    Set<String> sources = new TreeSet<>(); // each as id|type
    ApprovalPolicy policy;
    boolean agreement;
    Map<String, ModelRequest> requests = new TreeMap<>();

    /** An event with that sequence was, and is not too long ago. */
    boolean accepted(Long number) {
      return number != null && accepted.containsKey(number) && number > sequence - 64;
    }

    /** This very event was, and is not too long ago. */
    boolean accepted(ProductEvent e) {
      return accepted(e.sequence())
          && List.of(ANY_EVENT, e.eventId()).contains(accepted.get(e.sequence()));
    }

    void accept(ProductEvent e) {
      if (e.sequence() != null) {
        sequence = e.sequence();
        accepted.put(sequence, e.eventId());
      }
    }

    ModelProduct copy() {
      var copy = new ModelProduct();
      copy.state = state;
      copy.sequence = sequence;
      copy.accepted = new HashMap<>(accepted);
      copy.publishedBy = publishedBy;
      copy.name = name;
      copy.details = details;
      copy.sources = sources;
      copy.policy = policy;
      copy.agreement = agreement;
      requests.forEach((id, r) -> copy.requests.put(id, r.copy()));
      return copy;
    }
  }

  /** Stands for whichever event an older version accepted. */
  static final String ANY_EVENT = "";

  private static final long DAY = 86_400_000L;

  final Map<String, ModelProduct> products = new TreeMap<>();

  /** Applies an event; the answer is what the worker should say of it. */
  public String apply(String key, ProductEvent e, Instant clock) {
    return apply(key, e, clock, id -> true);
  }

  /**
   * Applies an event; the answer is what the worker should say of it.
   *
   * @param isHere whether a product's events belong where this one stands
   */
  public String apply(String key, ProductEvent e, Instant clock, Predicate<String> isHere) {
    if (bad(e.eventId())
        || e.eventId().isBlank()
        || bad(e.productId())
        || !e.productId().equals(key)
        || badIds(e)) {
      return "invalid_id";
    }
    if (!isHere.test(e.productId())) {
      return "wrong_partition";
    }
    var p = products.get(e.productId());
    if (e.payload() instanceof Payload.ProductPublished published) {
      return publish(e, p, published);
    }
    if (p == null) {
      return "unknown_product";
    }
    if (p.accepted(e)) {
      return "duplicate";
    }
    if (p.state.equals("DELETED")) {
      return "product_deleted";
    }
    if (p.accepted(e.sequence())) {
      return "sequence_reused";
    }
    if (implausible(e.sequence(), p.sequence)) {
      return "implausible_sequence";
    }
    if (e.sequence() != null && p.sequence != null && e.sequence() < p.sequence) {
      return "out_of_order";
    }
    var outcome = change(p, e, clock.toEpochMilli());
    if (outcome.equals("applied") || outcome.equals("no_op")) {
      p.accept(e);
    }
    return outcome;
  }

  private String publish(ProductEvent e, ModelProduct known, Payload.ProductPublished published) {
    if (known != null) {
      if (e.sequence() == null ? e.eventId().equals(known.publishedBy) : known.accepted(e)) {
        return "duplicate";
      }
      return known.state.equals("DELETED") ? "product_deleted" : "product_exists";
    }
    if (implausible(e.sequence(), null)) {
      return "implausible_sequence";
    }
    var p = new ModelProduct();
    if (invalid(published.approvalPolicy())) {
      return "invalid_policy";
    }
    p.name = published.name();
    p.details =
        details(
            published.description(),
            published.domains(),
            published.subjectMatterExpert(),
            published.dataUseAgreements());
    p.accept(e);
    p.publishedBy = e.eventId();
    p.sources = sources(published.dataSources());
    p.policy = published.approvalPolicy();
    p.agreement = !published.dataUseAgreements().isEmpty();
    products.put(e.productId(), p);
    return "applied";
  }

  static boolean implausible(Long sequence, Long last) {
    if (sequence == null || (last != null && sequence >= 0 && sequence <= last)) {
      return false;
    }
    var number = BigInteger.valueOf(sequence);
    var max = BigInteger.TWO.pow(62);
    return number.signum() < 0
        || number.compareTo(max) >= 0
        || (last != null
            && number.subtract(BigInteger.valueOf(last)).compareTo(BigInteger.TEN.pow(17)) > 0);
  }

  private static String change(ModelProduct p, ProductEvent e, long clock) {
    var happened = e.occurredAt().toEpochMilli();
    switch (e.payload()) {
      case Payload.ProductUpdated u -> {
        if (invalid(u.approvalPolicy())) {
          return "invalid_policy";
        }
        var name = u.name() == null ? p.name : u.name();
        var policy = u.approvalPolicy() == null ? p.policy : u.approvalPolicy();
        var details =
            details(
                u.description() == null
                    ? p.details.get(0)
                    : u.description().isEmpty() ? null : u.description(),
                u.domains() == null ? p.details.get(1) : u.domains(),
                u.subjectMatterExpert() == null ? p.details.get(2) : u.subjectMatterExpert(),
                u.dataUseAgreements() == null ? p.details.get(3) : u.dataUseAgreements());
        var same =
            name.equals(p.name) && Objects.equals(policy, p.policy) && details.equals(p.details);
        p.name = name;
        p.details = details;
        p.agreement = !((List<?>) details.get(3)).isEmpty();
        p.policy = policy;
        return same ? "no_op" : "applied";
      }
      case Payload.DataSourcesReplaced r -> {
        var same = sources(r.dataSources()).equals(p.sources);
        p.sources = sources(r.dataSources());
        return same ? "no_op" : "applied";
      }
      case Payload.ProductSuspended s -> {
        return moveTo(p, "SUSPENDED");
      }
      case Payload.ProductResumed s -> {
        return moveTo(p, "ACTIVE");
      }
      case Payload.ProductDeleted d -> {
        p.state = "DELETED";
        p.sources = new TreeSet<>();
        p.requests
            .values()
            .forEach(
                r -> {
                  var then = r.at(happened);
                  r.state =
                      then.equals("PENDING") ? "CANCELED" : r.givenAt(happened) ? "REVOKED" : then;
                });
        return "applied";
      }
      case Payload.AccessRequested r -> {
        if (p.requests.containsKey(r.requestId())) {
          return "request_exists";
        }
        if (p.agreement && !r.agreementAcknowledged()) {
          return "agreement_not_acknowledged";
        }
        var made = put(p, r.requestId(), r.userId());
        made.policy = p.policy;
        made.stages = p.policy == null ? List.of() : p.policy.stages();
        made.names = names(p.policy);
        made.state = "PENDING";
        if (p.policy != null && p.policy.pendingFor() != null) {
          made.lapsesAt = happened + millis(p.policy.pendingFor());
        }
        made.lapsed = made.lapsesAt != null && made.lapsesAt <= clock;
        if (made.stages.isEmpty()) {
          approve(made, null, end(p.policy, happened, null, null, null), happened, clock);
        }
        return "applied";
      }
      case Payload.DeterminationMade d -> {
        var r = p.requests.get(d.requestId());
        if (r == null) {
          return "unknown_request";
        }
        var before = r.passing.get(e.eventId());
        if (before != null) {
          return d.decision() == Payload.Decision.APPROVE
                  && before.get(0).equals(d.approver())
                  && r.means((int) before.get(1), d.stage())
              ? "duplicate"
              : "event_id_reused";
        }
        var deny = d.decision() == Payload.Decision.DENY;
        if (!r.at(deny ? Math.min(happened, clock) : happened).equals("PENDING")) {
          return "not_pending";
        }
        if (!r.means(r.passed, d.stage())) {
          return "not_pending";
        }
        var listed = ids(r.stages.get(r.passed).required());
        if (!listed.contains(d.approver())) {
          return "not_an_approver";
        }
        if (d.decision() == Payload.Decision.APPROVE && d.approver().equals(r.userId)) {
          return "self_approval";
        }
        if (d.decision() == Payload.Decision.DENY) {
          r.state = "DENIED";
          return "applied";
        }
        if (noDuration(d.grantedFor())) {
          return "invalid_duration";
        }
        if (r.approvedBy().contains(d.approver())) {
          return "no_op";
        }
        r.passing.put(e.eventId(), List.of(d.approver(), r.passed));
        r.approvals.computeIfAbsent(r.passed, stage -> new HashMap<>()).put(d.approver(), d);
        r.takeTimes();
        if (r.approvedBy().size() >= r.stages.get(r.passed).approvalsNeeded()) {
          r.passed++;
        }
        if (r.passed == r.stages.size()) {
          var until = end(r.policy, happened, r.startsAt, r.expiresAt, r.grantedFor());
          approve(r, r.startsAt, until, happened, clock);
        }
        return "applied";
      }
      case Payload.ApproversReplaced a -> {
        var r = p.requests.get(a.requestId());
        if (r == null) {
          return "unknown_request";
        }
        if (!r.at(happened).equals("PENDING")) {
          return "not_pending";
        }
        var number = r.passed;
        while (number < r.stages.size() && !r.means(number, a.stage())) {
          number++;
        }
        if (number == r.stages.size()) {
          return "not_pending";
        }
        var stages = new ArrayList<>(r.stages);
        var old = stages.get(number);
        stages.set(
            number, new ApprovalPolicy.Stage(old.name(), a.approvers(), old.approvalsNeeded()));
        if (invalid(stages.get(number))) {
          return "invalid_policy";
        }
        if (a.approvers().equals(old.required())) {
          return "no_op";
        }
        r.stages = stages;
        var left = r.approvals.getOrDefault(number, new HashMap<>());
        left.keySet().retainAll(ids(a.approvers()));
        r.takeTimes();
        return "applied";
      }
      case Payload.AccessApproved a -> {
        var r = p.requests.get(a.requestId());
        if (r != null && !r.userId.equals(a.userId())) {
          return "request_exists";
        }
        if (r != null && !r.at(happened).equals("PENDING") && !r.givenAt(happened)) {
          return "not_pending";
        }
        if (noDuration(a.grantedFor())) {
          return "invalid_duration";
        }
        var start = ms(a.startsAt());
        var from =
            r == null || !r.givenAt(happened)
                ? start
                : r.startsAt == null ? null : least(r.startsAt, start);
        var lasts = millis(a.grantedFor());
        var policy = r == null || r.policy == null ? p.policy : r.policy;
        var until = end(policy, happened, from, ms(a.expiresAt()), lasts);
        if (r != null
            && r.state.equals("GIVEN")
            && Objects.equals(until, r.expiresAt)
            && Objects.equals(from, r.startsAt)
            && !(r.lateApproval && until > clock)) {
          return "no_op";
        }
        if (r == null) {
          r = put(p, a.requestId(), a.userId());
        }
        approve(r, from, until, happened, clock);
        return "applied";
      }
      case Payload.AccessRevoked v -> {
        if (v.requestId() != null) {
          var r = p.requests.get(v.requestId());
          if (r == null || !r.userId.equals(v.userId())) {
            return "unknown_request";
          }
        }
        var approved =
            p.requests.entrySet().stream()
                .filter(r -> v.requestId() == null || r.getKey().equals(v.requestId()))
                .map(Map.Entry::getValue)
                .filter(r -> r.userId.equals(v.userId()))
                .filter(r -> r.givenAt(Math.min(happened, clock)))
                .toList();
        approved.forEach(r -> r.state = "REVOKED");
        return approved.isEmpty() ? "not_approved" : "applied";
      }
      case Payload.AccessDenied d -> {
        return refuse(p, d.requestId(), "DENIED", Math.min(happened, clock));
      }
      case Payload.AccessRequestCanceled c -> {
        return refuse(p, c.requestId(), "CANCELED", Math.min(happened, clock));
      }
      default -> throw new IllegalArgumentException(e.type());
    }
  }

  private static List<Object> details(
      Object description, Object domains, Object expert, Object agreements) {
    return Arrays.asList(description, domains, expert, agreements);
  }

  private static String moveTo(ModelProduct p, String state) {
    var same = p.state.equals(state);
    p.state = state;
    return same ? "no_op" : "applied";
  }

  private static String refuse(ModelProduct p, String requestId, String state, long happened) {
    var r = p.requests.get(requestId);
    if (r == null) {
      return "unknown_request";
    }
    if (!r.at(happened).equals("PENDING")) {
      return "not_pending";
    }
    r.state = state;
    return "applied";
  }

  private static Long ms(Instant time) {
    return time == null ? null : (Long) time.toEpochMilli();
  }

  private static Long millis(String duration) {
    return duration == null ? null : (Long) Duration.parse(duration).toMillis();
  }

  private static boolean noDuration(String text) {
    return text != null && !text.matches("P[1-9]\\d*D|PT[1-9]\\d*H");
  }

  private static Long least(Long a, Long b) {
    return a == null ? b : b == null || a < b ? a : b;
  }

  /** The end of access that is approved at a time. */
  private static Long end(
      ApprovalPolicy policy, long happened, Long from, Long until, Long grantedFor) {
    var start = from == null ? happened : Math.max(from, happened);
    var most = policy == null ? null : millis(policy.maxDuration());
    var end = until;
    for (var lasts : Arrays.asList(grantedFor, most)) {
      end = least(end, lasts == null ? null : (Long) (start + lasts));
    }
    return end;
  }

  private static void approve(ModelRequest r, Long from, Long until, long happened, long clock) {
    if (!r.now().equals("APPROVED")) {
      r.grantedAt = clock;
    }
    r.state = "GIVEN";
    r.startsAt = from;
    r.expiresAt = until;
    r.seenAt = clock;
    r.lateApproval = until != null && (until <= happened || (from != null && until <= from));
  }

  private static ModelRequest put(ModelProduct p, String requestId, String userId) {
    var r = new ModelRequest();
    r.userId = userId;
    p.requests.put(requestId, r);
    return r;
  }

  private static boolean invalid(ApprovalPolicy policy) {
    return policy != null
        && (noDuration(policy.pendingFor())
            || noDuration(policy.maxDuration())
            || policy.stages().stream().anyMatch(Model::invalid));
  }

  private static boolean invalid(ApprovalPolicy.Stage stage) {
    return stage.required().isEmpty()
        || stage.required().stream().anyMatch(a -> !a.type().equals("USER"))
        || stage.approvalsNeeded() < 1
        || stage.approvalsNeeded() > ids(stage.required()).size();
  }

  private static List<String> names(ApprovalPolicy policy) {
    return policy == null
        ? List.of()
        : policy.stages().stream().map(s -> s.name() == null ? "" : s.name()).toList();
  }

  private static Set<String> ids(List<ApprovalPolicy.Approver> approvers) {
    return approvers.stream().map(ApprovalPolicy.Approver::id).collect(Collectors.toSet());
  }

  /** Lets time pass; the answer is which requests changed or are warned of, as {@code id state}. */
  public Set<String> tick(Instant clock) {
    var changed = new TreeSet<String>();
    products.forEach(
        (id, p) -> {
          if (!p.state.equals("DELETED")) {
            p.requests.forEach(
                (requestId, r) ->
                    changed.addAll(tick(id + "/" + requestId, r, clock.toEpochMilli())));
          }
        });
    return changed;
  }

  private static List<String> tick(String id, ModelRequest r, long clock) {
    var before = r.now();
    r.seenAt = clock;
    r.lapsed = r.at(clock).equals("LAPSED");
    if (List.of("PENDING", "SCHEDULED").contains(before)) {
      if (r.now().equals("APPROVED")) {
        r.grantedAt = clock;
      }
      return r.now().equals(before) ? List.of() : List.of(id + " " + r.now());
    }
    if (!before.equals("APPROVED") || r.expiresAt == null) {
      return List.of();
    }
    if (r.now().equals("EXPIRED")) {
      return List.of(id + " EXPIRED");
    }
    if (warned(r, DAY) && !r.noticed.equals("EXPIRES_VERY_SOON")) {
      r.noticed = "EXPIRES_VERY_SOON";
      return List.of(id + " EXPIRES_VERY_SOON");
    }
    if (warned(r, 7 * DAY) && !warned(r, DAY) && r.noticed.isEmpty()) {
      r.noticed = "EXPIRES_SOON";
      return List.of(id + " EXPIRES_SOON");
    }
    return List.of();
  }

  private static boolean warned(ModelRequest r, long before) {
    return r.expiresAt - r.grantedAt > before && r.expiresAt - r.seenAt <= before;
  }

  private static Set<String> sources(List<DataSource> sources) {
    var set = new TreeSet<String>();
    sources.forEach(s -> set.add(s.sourceId() + "|" + s.sourceType()));
    return set;
  }

  private static boolean badIds(ProductEvent e) {
    return switch (e.payload()) {
      case Payload.ProductPublished p ->
          badNew(e.productId()) || p.dataSources().stream().anyMatch(Model::bad);
      case Payload.DataSourcesReplaced p -> p.dataSources().stream().anyMatch(Model::bad);
      case Payload.AccessRequested p -> badNew(p.requestId()) || badNew(p.userId());
      case Payload.AccessApproved p -> badNew(p.requestId()) || badNew(p.userId());
      case Payload.AccessRevoked p ->
          (p.requestId() != null && bad(p.requestId())) || bad(p.userId());
      case Payload.AccessDenied p -> bad(p.requestId());
      case Payload.ApproversReplaced p -> bad(p.requestId());
      case Payload.DeterminationMade p ->
          bad(p.requestId()) || p.approver().matches("(?s).*[\\uFFFD\\p{Cs}].*");
      case Payload.AccessRequestCanceled p -> bad(p.requestId());
      default -> false;
    };
  }

  private static boolean bad(DataSource source) {
    return badNew(source.sourceId()) || badNew(source.sourceType());
  }

  private static boolean badNew(String id) {
    return bad(id) || id.matches("(?s)[\\h\\s].*|.*[\\h\\s]|.*[\\p{Cf}\\p{Zl}\\p{Zp}].*");
  }

  static boolean bad(String id) {
    return !id.matches("[^|\\p{Cntrl}\\u0080-\\u009f\\uFFFD\\p{Cs}]{1,256}");
  }

  /** Whether the user has an approved request for the product. */
  public boolean isMember(String userId, String productId) {
    var p = products.get(productId);
    return p != null
        && p.requests.values().stream()
            .anyMatch(r -> r.userId.equals(userId) && r.now().equals("APPROVED"));
  }

  /** The users who have an approved request for the product, and which is not deleted. */
  Set<String> members(String productId) {
    var p = products.get(productId);
    return p == null || p.state.equals("DELETED")
        ? Set.of()
        : p.requests.values().stream()
            .filter(r -> r.now().equals("APPROVED"))
            .map(r -> r.userId)
            .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Returns the sources that members get through the product now. */
  Set<String> given(String productId) {
    var p = products.get(productId);
    return p == null || !p.state.equals("ACTIVE") ? Set.of() : p.sources;
  }

  /** The same again, to go back to. */
  Model copy() {
    var copy = new Model();
    products.forEach((id, p) -> copy.products.put(id, p.copy()));
    return copy;
  }

  /** All access there is, from nothing. */
  public Set<Access> access() {
    return entitlements().stream().map(Entitlement::access).collect(Collectors.toSet());
  }

  /** All that gives access, from nothing. */
  public Set<Entitlement> entitlements() {
    var all = new HashSet<Entitlement>();
    products.forEach(
        (id, p) -> {
          if (p.state.equals("ACTIVE")) {
            for (var r : p.requests.values()) {
              if (r.now().equals("APPROVED")) {
                p.sources.forEach(s -> all.add(new Entitlement(Access.to(r.userId, s), id)));
              }
            }
          }
        });
    return all;
  }

  /** Memberships that a product which is not deleted has. */
  public long memberships() {
    return products.keySet().stream().mapToLong(id -> members(id).size()).sum();
  }

  /** Requests of products that are not deleted, in that state; null for all. */
  public long requests(String state) {
    return products.values().stream()
        .filter(p -> !p.state.equals("DELETED"))
        .flatMap(p -> p.requests.values().stream())
        .filter(r -> state == null || r.now().equals(state))
        .count();
  }

  /** Requests of the product in that state. */
  public long count(String productId, String state) {
    var p = products.get(productId);
    return p.requests.values().stream().filter(r -> r.now().equals(state)).count();
  }

  /**
   * The visible state of a product.
   *
   * @param sources each as {@code id|type}
   * @param requests how many there are in each state that any is in
   */
  public record ProductView(
      String state, String name, Set<String> sources, Map<String, Long> requests) {}

  /** Without the states that no request is in. */
  public static Map<String, Long> withoutZeros(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .filter(e -> e.getValue() > 0)
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** All products, by id. */
  public Map<String, ProductView> views() {
    var views = new TreeMap<String, ProductView>();
    products.forEach(
        (id, p) ->
            views.put(
                id,
                new ProductView(
                    p.state,
                    p.name,
                    p.sources,
                    p.requests.values().stream()
                        .collect(Collectors.groupingBy(r -> r.now(), Collectors.counting())))));
    return views;
  }

  /** The states of all requests, by {@code productId|requestId}. */
  public Map<String, String> requestStates() {
    var states = new TreeMap<String, String>();
    products.forEach(
        (id, p) -> p.requests.forEach((request, r) -> states.put(id + "|" + request, r.now())));
    return states;
  }

  /**
   * Returns the stage of a request, its approvers and its times: the stage from 1, how many must
   * approve, who has, who has not, when it lapses, starts and ends.
   */
  List<Object> waiting(String productId, String requestId) {
    var r = products.get(productId).requests.get(requestId);
    var open = List.of("PENDING", "LAPSED").contains(r.now());
    var lapses = open ? r.lapsesAt : null;
    if (!r.now().equals("PENDING")) {
      return Arrays.asList(null, null, Set.of(), Set.of(), lapses, r.startsAt, r.expiresAt);
    }
    var stage = r.stages.get(r.passed);
    var done = new HashSet<>(ids(stage.required()));
    done.retainAll(r.approvedBy());
    var left = new HashSet<>(ids(stage.required()));
    left.removeAll(r.approvedBy());
    return Arrays.asList(
        r.passed + 1, stage.approvalsNeeded(), done, left, lapses, r.startsAt, r.expiresAt);
  }

  /** Where a request stands. */
  public String state(String productId, String requestId) {
    return products.get(productId).requests.get(requestId).now();
  }
}
