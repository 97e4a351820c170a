package dev.sluice.sim;

import static dev.sluice.sim.Violation.unless;
import static dev.sluice.sim.Violation.unlessEqual;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.avro.ProductStatus;
import dev.sluice.avro.RequestStatus;
import dev.sluice.contract.RejectionHeaders;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import dev.sluice.sim.ProductTask.Outcome;
import dev.sluice.update.AccessUpdate;
import dev.sluice.update.AccessUpdate.MembershipChanged;
import dev.sluice.update.AccessUpdate.ProductUpdate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.test.TestRecord;

/**
 * Holds what one task of the product stage decides, event by event, against the {@link Model}, and
 * what it says to the user partitions against what the model has for them.
 */
final class ProductCheck extends Checked<ProductCheck.State> {
  private static final String TABLE = "section 3, what each event does";
  private static final String BAD_INPUT = "I9 bad input";
  private static final String BOUNDED = "I10 bounded";

  /**
   * Most bytes that the counters of a product take, however many members it has: up to five bytes
   * for each of 64 sequences, and a hundred for the rest.
   */
  private static final int COUNTERS_MAX = 64 * 5 + 100;

  private static final String COST = "I18 cost of a request";

  private static final Set<Class<?>> ADDING =
      Set.of(
          Payload.ProductPublished.class,
          Payload.ProductUpdated.class,
          Payload.ProductResumed.class,
          Payload.AccessRequested.class,
          Payload.AccessApproved.class);

  /**
   * @param published the last status of each product
   */
  record State(Model model, List<View> said, Map<String, ProductStatus> published, int[] rejected) {
    State copy() {
      return new State(
          model.copy(),
          said.stream().map(View::copy).toList(),
          new HashMap<>(published),
          rejected.clone());
    }
  }

  private final ToIntFunction<String> partitionOf;
  private final Predicate<String> isHere;
  private final Set<String> taking;

  ProductCheck(
      int userPartitions,
      ToIntFunction<String> partitionOf,
      Predicate<String> isHere,
      Set<String> taking) {
    super(
        new State(
            new Model(),
            Stream.generate(View::new).limit(userPartitions).toList(),
            new HashMap<>(),
            new int[1]),
        State::copy);
    this.partitionOf = partitionOf;
    this.isHere = isHere;
    this.taking = taking;
  }

  /** The products of this partition, as they should be. */
  Model model() {
    return state.model;
  }

  /** How many events were to be rejected. */
  int rejected() {
    return state.rejected[0];
  }

  /** After what is no event was read. */
  void refused(TestRecord<byte[], byte[]> input, long offset, Outcome outcome) {
    unlessEqual(outcome.outcome(), "unreadable", BAD_INPUT, "outcome of garbage");
    rejected(input, offset, outcome);
    nothingSaid(outcome);
  }

  /** After an event was read. */
  void decided(
      ProductEvent event,
      TestRecord<byte[], byte[]> input,
      long offset,
      Outcome outcome,
      ProductTask task) {
    var id = event.productId();
    var members = state.model.members(id);
    var given = Set.copyOf(state.model.given(id));
    var expected = state.model.apply(id, event, task.now(), isHere);
    unlessEqual(outcome.outcome(), expected, TABLE, "outcome of %s", event);
    taking(event, members, given);
    size(event, task);
    if (!expected.equals("applied")) {
      nothingSaid(outcome);
      if (expected.equals("no_op") || expected.equals("duplicate")) {
        unless(outcome.rejected().isEmpty(), BAD_INPUT, "rejected though %s", expected);
      } else {
        rejected(input, offset, outcome);
      }
      return;
    }
    unless(outcome.rejected().isEmpty(), BAD_INPUT, "rejected though applied");
    statuses(event, outcome);
    unless(
        outcome.updates().size() <= 2,
        BOUNDED,
        "an event is told in more than two updates: %s",
        outcome.updates());
    for (var update : outcome.updates()) {
      unlessEqual(
          update.value() instanceof ProductUpdate about ? about.productId() : "",
          id,
          "I6 isolation",
          "product of %s",
          update);
      unlessEqual(
          List.of(update.value().cause().eventId(), update.value().cause().occurredAtMs()),
          List.of(event.eventId(), event.occurredAt().toEpochMilli()),
          "I3 justification",
          "cause of %s",
          update);
      if (update.value() instanceof MembershipChanged m) {
        unlessEqual(
            m.reason().name(), reason(event, m.member()), "I3 justification", "reason of %s", m);
      }
    }
    said(outcome, Set.of(id), task);
  }

  private static String reason(ProductEvent event, boolean member) {
    return member
        ? "ACCESS_APPROVED"
        : event.payload() instanceof Payload.AccessRevoked ? "ACCESS_REVOKED" : "ACCESS_EXPIRED";
  }

  /** After time has passed. */
  void due(Outcome outcome, ProductTask task) {
    var expected = state.model.tick(task.now());
    task.newChanges();
    var said = new TreeSet<String>();
    var touched = new TreeSet<String>();
    for (var status : outcome.requests()) {
      touched.add(status.getProductId());
      said.add(
          status.getProductId()
              + "/"
              + status.getRequestId()
              + " "
              + (status.getNotice() == null ? status.getState() : status.getNotice()));
      if (!laterToo(outcome, status)) {
        remains(status);
      }
    }
    unlessEqual(said, expected, "section 3, time passes", "what is said by %s", task.now());
    unlessEqual(outcome.requests().size(), said.size(), "I8 exactly once", "requests");
    for (var update : outcome.updates()) {
      unless(
          update.value() instanceof AccessUpdate.ProductUpdate product
              && touched.contains(product.productId())
              && isByTime(product),
          "I3 justification",
          "said because time passed: %s",
          update);
    }
    unless(outcome.products().isEmpty(), TABLE, "a status before the commit");
    said(outcome, touched, task);
  }

  private static boolean isByTime(AccessUpdate update) {
    var cause = update.cause().eventId();
    if (!(update instanceof MembershipChanged m)) {
      return cause.startsWith("start:"); // the product, for its first member in a partition
    }
    return m.member()
        ? m.reason().name().equals("ACCESS_APPROVED") && cause.startsWith("start:")
        : m.reason().name().equals("ACCESS_EXPIRED") && cause.startsWith("expiry:");
  }

  /** Whether another request of the user for the product changed after this one, in one go. */
  private static boolean laterToo(Outcome outcome, RequestStatus status) {
    var all = outcome.requests();
    return all.subList(all.indexOf(status) + 1, all.size()).stream()
        .anyMatch(
            other ->
                other.getNotice() == null
                    && other.getProductId().equals(status.getProductId())
                    && other.getUserId().equals(status.getUserId()));
  }

  /** I4 of the model itself, and what the access stage's commands are held against. */
  private void taking(ProductEvent event, Set<String> members, Set<String> given) {
    var id = event.productId();
    var takes =
        !members.isEmpty()
            && !given.isEmpty()
            && !(state.model.members(id).containsAll(members)
                && state.model.given(id).containsAll(given));
    if (takes) {
      unless(
          !ADDING.contains(event.payload().getClass()) || endsAccess(event),
          "I4 adding is safe",
          "takes access: %s",
          event);
      taking.add(event.eventId());
    }
  }

  /** To approve until an end that is past is to end. */
  private boolean endsAccess(ProductEvent event) {
    return event.payload() instanceof Payload.AccessApproved approved
        && state.model.state(event.productId(), approved.requestId()).equals("EXPIRED");
  }

  private void rejected(TestRecord<byte[], byte[]> input, long offset, Outcome outcome) {
    state.rejected[0]++;
    unlessEqual(outcome.rejected().size(), 1, BAD_INPUT, "number of rejected events");
    var rejected = outcome.rejected().getFirst();
    unless(
        Arrays.equals(rejected.key(), input.key())
            && Arrays.equals(rejected.value(), input.value()),
        BAD_INPUT,
        "what is rejected is not what came");
    unlessEqual(
        List.of(
            header(rejected, RejectionHeaders.REASON), header(rejected, RejectionHeaders.OFFSET)),
        List.of(outcome.outcome().toUpperCase(Locale.ROOT), String.valueOf(offset)),
        BAD_INPUT,
        "headers");
  }

  private static String header(TestRecord<?, ?> record, String name) {
    Headers headers = record.headers();
    return new String(headers.lastHeader(name).value(), UTF_8);
  }

  private static void nothingSaid(Outcome outcome) {
    unless(
        outcome.products().isEmpty() && outcome.requests().isEmpty() && outcome.updates().isEmpty(),
        BAD_INPUT,
        "%s, and yet something is said: %s",
        outcome.outcome(),
        outcome);
  }

  /** The status of a product follows at once, but only at the commit if a request changed it. */
  private void statuses(ProductEvent event, Outcome outcome) {
    var most = event.payload() instanceof Payload.ProductPayload ? 1 : 0;
    unlessEqual(outcome.products().size(), most, TABLE, "statuses of the product");
    for (var status : outcome.products()) {
      if (event.payload() instanceof Payload.ProductDeleted) {
        // The removal of its requests corrects the counters, at the commit.
        state.published.put(status.getProductId(), status);
      } else {
        published(status);
      }
    }
    for (var request : outcome.requests()) {
      request(request);
      remains(request);
    }
  }

  private void published(ProductStatus status) {
    status(status);
    state.published.put(status.getProductId(), status);
  }

  /** Before a commit, with what is published at it: then all that is published is up to date. */
  void committing(List<ProductStatus> statuses, ProductTask task) {
    var ids = new TreeSet<String>();
    for (var status : statuses) {
      unless(ids.add(status.getProductId()), COST, "two statuses at one commit: %s", status);
      unless(
          !status.equals(state.published.get(status.getProductId())),
          COST,
          "the same status again: %s",
          status);
      published(status);
    }
    for (var id : state.model.products.keySet()) {
      var last = state.published.get(id);
      unless(last != null, TABLE, "no status of %s", id);
      status(last);
    }
    for (var change : task.newChanges()) {
      unless(
          !change.store().equals("product-counters") || change.value().length <= COUNTERS_MAX,
          BOUNDED,
          "counters take %s",
          change);
    }
  }

  /** Holds the last status of a product against the model. */
  void status(ProductStatus status) {
    var product = state.model.products.get(status.getProductId());
    var sources = new ArrayList<String>();
    status.getDataSources().forEach(s -> sources.add(s.getSourceId() + " " + s.getSourceType()));
    var expected = new ArrayList<String>();
    product.sources.stream()
        .map(source -> source.split("\\|", 2))
        .sorted(
            Comparator.<String[], String>comparing(source -> source[0])
                .thenComparing(source -> source[1]))
        .forEach(source -> expected.add(source[0] + " " + source[1]));
    unlessEqual(
        List.of(status.getState().name(), status.getName(), sources),
        List.of(product.state, product.name, expected),
        TABLE,
        "status of %s",
        status.getProductId());
    counters(status);
  }

  /** Holds the last status of a request against the model. */
  void request(RequestStatus status) {
    unlessEqual(
        status.getState().name(),
        state.model.state(status.getProductId(), status.getRequestId()),
        TABLE,
        "state of %s",
        status);
    unlessEqual(
        Arrays.asList(
            status.getStage(),
            status.getApprovalsNeeded(),
            Set.copyOf(status.getApprovedBy()),
            Set.copyOf(status.getPendingApprovers()),
            milliseconds(status.getLapsesAt()),
            milliseconds(status.getStartsAt()),
            milliseconds(status.getExpiresAt())),
        state.model.waiting(status.getProductId(), status.getRequestId()),
        TABLE,
        "stage, approvers and times of %s",
        status);
  }

  private static Long milliseconds(Instant time) {
    return time == null ? null : (Long) time.toEpochMilli();
  }

  private void remains(RequestStatus status) {
    var over = !List.of("PENDING", "SCHEDULED", "APPROVED").contains(status.getState().name());
    unlessEqual(
        status.getAccessRemains(),
        over && state.model.members(status.getProductId()).contains(status.getUserId()),
        TABLE,
        "whether access remains after %s",
        status);
  }

  private void counters(ProductStatus status) {
    var id = status.getProductId();
    var stats = status.getStats();
    var product = state.model.products.get(id);
    unlessEqual(
        List.of(
            (long) stats.getDataSourceCount(),
            (long) stats.getPendingRequestCount(),
            (long) stats.getApprovedRequestCount(),
            (long) stats.getRevokedRequestCount(),
            (long) stats.getCanceledRequestCount(),
            (long) stats.getDeniedRequestCount(),
            (long) stats.getExpiredRequestCount(),
            (long) stats.getLapsedRequestCount(),
            (long) stats.getScheduledRequestCount(),
            (long) stats.getTotalRequestCount()),
        List.of(
            (long) product.sources.size(),
            state.model.count(id, "PENDING"),
            state.model.count(id, "APPROVED"),
            state.model.count(id, "REVOKED"),
            state.model.count(id, "CANCELED"),
            state.model.count(id, "DENIED"),
            state.model.count(id, "EXPIRED"),
            state.model.count(id, "LAPSED"),
            state.model.count(id, "SCHEDULED"),
            (long) product.requests.size()),
        TABLE,
        "counters of %s",
        id);
  }

  /** Compares the updates to the user partitions with the model. */
  private void said(Outcome outcome, Set<String> productIds, ProductTask task) {
    for (var update : outcome.updates()) {
      for (int partition : task.partitionsOf(update)) {
        state.said.get(partition).apply(update.value(), 0);
      }
    }
    for (var id : productIds) {
      for (int partition = 0; partition < state.said.size(); partition++) {
        said(id, partition);
      }
    }
  }

  private void said(String productId, int partition) {
    var view = state.said.get(partition);
    var members = new TreeSet<String>();
    for (var user : state.model.members(productId)) {
      if (partitionOf.applyAsInt(user) == partition) {
        members.add(user);
      }
    }
    var at = "%s of %s, as told to user partition %d";
    unlessEqual(
        view.members(productId), members, "I1 convergence", at, "members", productId, partition);
    if (!members.isEmpty()) {
      unlessEqual(
          view.given(productId),
          state.model.given(productId),
          "I1 convergence",
          at,
          "sources",
          productId,
          partition);
    }
  }

  private void size(ProductEvent event, ProductTask task) {
    for (var change : task.newChanges()) {
      unless(
          !change.store().equals("products") || event.payload() instanceof Payload.ProductPayload,
          COST,
          "%s writes the whole product",
          event);
    }
  }
}
