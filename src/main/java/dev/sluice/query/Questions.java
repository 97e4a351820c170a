package dev.sluice.query;

import dev.sluice.access.AccessReader;
import dev.sluice.access.AccessReader.Progress;
import dev.sluice.access.Standing;
import dev.sluice.event.ProductEvent;
import dev.sluice.product.Candidate;
import dev.sluice.product.Candidates;
import dev.sluice.product.ProductState;
import dev.sluice.product.RequestState;
import dev.sluice.product.Rules;
import dev.sluice.query.Answer.AccessView;
import dev.sluice.query.Answer.ExplainView;
import dev.sluice.query.Answer.HolderView;
import dev.sluice.query.Answer.MemberView;
import dev.sluice.query.Answer.Overview;
import dev.sluice.query.Answer.Page;
import dev.sluice.query.Answer.PreviewView;
import dev.sluice.query.Answer.ProductLine;
import dev.sluice.query.Answer.ProductView;
import dev.sluice.query.Answer.RequestView;
import dev.sluice.query.Answer.Requests;
import dev.sluice.query.Answer.SweepView;
import dev.sluice.query.Answer.SweepingView;
import dev.sluice.topology.UserPartitions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Every question that can be asked, composed of what the parts say. */
public final class Questions {
  /** So many requests of one id are told. */
  private static final int SAME_ID_MAX = 100;

  /** A part has room for so many characters at least. */
  private static final int ROOM_MIN = 32 * 1024;

  /** Largest number of a user's products that are held at a time. */
  private static final int STANDINGS_AT_ONCE = 1_000;

  /** So many sweeps are told. */
  private static final int SWEEPING_MAX = 20;

  private final Parts parts;
  private final Scatter scatter;
  private final Rules rules;

  Questions(Parts parts, Scatter scatter, Rules rules) {
    this.parts = parts;
    this.scatter = scatter;
    this.rules = rules;
  }

  private <T> List<T> ofProducts(Function<ProductPart, T> question) {
    return ofAll(Stage.PRODUCTS, parts.productPartitions(), p -> question.apply(parts.products(p)));
  }

  private <T> List<T> ofUsers(Function<UserPart, T> question) {
    return ofAll(Stage.USERS, parts.userPartitions(), p -> question.apply(parts.users(p)));
  }

  private <T> List<T> ofAll(Stage stage, int partitions, IntFunction<T> question) {
    return scatter.gather(
        IntStream.range(0, partitions).boxed().toList(),
        partition -> parts.isHere(stage, partition),
        question::apply);
  }

  private UserPart partOf(String userId) {
    return parts.users(new UserPartitions(parts.userPartitions()).applyAsInt(userId));
  }

  /** One page of what several parts gave in order, each at least as much as is wanted of all. */
  private static <T, V> Page<V> page(
      List<List<T>> lists, Function<T, String> id, Function<T, V> view, int max) {
    var all =
        lists.stream()
            .flatMap(List::stream)
            .sorted(Comparator.comparing(id, AccessReader.ORDER))
            .toList();
    var some = all.subList(0, Math.min(max, all.size()));
    return new Page<>(
        some.stream().map(view).toList(),
        all.size() > max ? Cursor.after(id.apply(some.getLast())) : null);
  }

  /** One page of what several parts gave in order, each as much as it could. */
  private static <T, V> Page<V> slices(
      List<Slice<T>> slices, Function<T, String> id, Function<T, V> view, int max) {
    // Beyond where one stopped that has more, nothing is known to be the next.
    var end =
        slices.stream()
            .filter(Slice::more)
            .map(slice -> id.apply(slice.items().getLast()))
            .min(AccessReader.ORDER);
    var all =
        slices.stream()
            .flatMap(slice -> slice.items().stream())
            .filter(i -> end.isEmpty() || AccessReader.ORDER.compare(id.apply(i), end.get()) <= 0)
            .sorted(Comparator.comparing(id, AccessReader.ORDER))
            .toList();
    var some = all.subList(0, Math.min(max, all.size()));
    return new Page<>(
        some.stream().map(view).toList(),
        end.isPresent() || all.size() > max ? Cursor.after(id.apply(some.getLast())) : null);
  }

  /** Products by productId, after that one. */
  public Page<ProductLine> products(String after, int max) {
    var room = Math.max(ROOM_MIN, Slice.ROOM / parts.productPartitions());
    return slices(
        ofProducts(part -> part.lines(after, max, room)),
        ProductLine::productId,
        Function.identity(),
        max);
  }

  /** One product; null when there is none. */
  public @Nullable ProductView product(String productId) {
    var place = new Lookup(parts).find(productId);
    if (place == null) {
      return null;
    }
    var progress = ofUsers(part -> Optional.ofNullable(part.progress(productId)));
    var sweeps = new ArrayList<SweepView>();
    for (int p = 0; p < progress.size(); p++) {
      int partition = p;
      progress
          .get(p)
          .ifPresent(
              in ->
                  sweeps.add(
                      new SweepView(
                          partition,
                          in.revision(),
                          in.membersLeft(),
                          Views.instantOrNull(in.sinceMs()))));
    }
    return Views.product(place.product(), sweeps);
  }

  /** A product's members by userId, after that one; null when there is no such product. */
  public @Nullable Page<MemberView> members(String productId, String after, int max) {
    if (new Lookup(parts).find(productId) == null) {
      return null;
    }
    return page(
        ofUsers(part -> part.members(productId, after, max + 1)),
        AccessReader.Member::userId,
        member -> new MemberView(member.userId(), member.spreads()),
        max);
  }

  /** A product's requests by requestId, after that one; null when there is no such product. */
  public @Nullable Page<RequestView> requests(String productId, String after, int max) {
    var place = new Lookup(parts).find(productId);
    return place == null
        ? null
        : slices(
            List.of(place.part().requestsAfter(productId, after, max, Slice.ROOM)),
            r -> r.requestId(),
            r -> Views.request(productId, r),
            max);
  }

  /**
   * The requests of an id.
   *
   * @param productId whose; null for all products
   */
  public Requests request(String requestId, @Nullable String productId) {
    if (productId != null) {
      var place = new Lookup(parts).find(productId);
      var request = place == null ? null : place.part().request(productId, requestId);
      return new Requests(request == null ? List.of() : List.of(Views.request(productId, request)));
    }
    return new Requests(
        ofProducts(part -> part.find(requestId, SAME_ID_MAX)).stream()
            .flatMap(List::stream)
            .sorted(Comparator.comparing(found -> found.productId()))
            .limit(SAME_ID_MAX)
            .map(found -> Views.request(found.productId(), found.request()))
            .toList());
  }

  /**
   * The sources that a user has, by sourceId and type, after that one.
   *
   * @param after {@code sourceId|sourceType}; an id alone is after all of its types
   */
  public Page<AccessView> access(String userId, String after, int max) {
    var part = partOf(userId);
    var page = new AccessPage(max);
    var last = "";
    for (var more = true; more; ) {
      var some = part.standingsAfter(userId, last, STANDINGS_AT_ONCE);
      page.begin(some.items());
      givings(userId, some.items(), after, page);
      more = some.more();
      last = more ? some.items().getLast().productId() : "";
    }
    return page.page();
  }

  /** Adds what those products give to a page. */
  private void givings(String userId, List<Standing> of, String after, AccessPage page) {
    var missing = new TreeSet<String>();
    of.forEach(s -> missing.add(s.productId()));
    // Where events.partitioner puts the products, and then everywhere for the rest. In turn, so
    // that the sources of few products are held at once.
    var byPartition = new TreeMap<Integer, List<String>>();
    for (var id : missing) {
      byPartition.computeIfAbsent(parts.productPartition(id), p -> new ArrayList<>()).add(id);
    }
    byPartition.forEach((p, ids) -> givings(p, userId, ids, after, page, missing));
    for (int p = 0; p < parts.productPartitions() && !missing.isEmpty(); p++) {
      givings(p, userId, List.copyOf(missing), after, page, missing);
    }
  }

  /** Adds what the products of a partition give to a page, and takes them from the missing. */
  private void givings(
      int partition,
      String userId,
      List<String> ids,
      String after,
      AccessPage page,
      Set<String> missing) {
    var part = parts.products(partition);
    for (int i = 0; i < ids.size(); ) {
      var asked = ids.subList(i, Math.min(ids.size(), i + Giving.IDS_MAX));
      var some = part.givings(userId, asked, after, page.wanted());
      for (var giving : some.items()) {
        page.add(giving);
        missing.remove(giving.productId());
      }
      i += Math.max(1, some.looked());
    }
  }

  /**
   * The users who have a source, by userId, after that one.
   *
   * @param sourceType of the source; empty for every type that there is of that id
   */
  public Page<HolderView> holders(String sourceId, String sourceType, String after, int max) {
    return page(
        ofUsers(part -> part.holders(sourceId, sourceType, after, max + 1)),
        AccessReader.Holder::userId,
        h ->
            new HolderView(
                h.userId(), h.sourceTypes(), h.productIds(), h.productCount(), h.spreads()),
        max);
  }

  /**
   * Whether a user has a source, and why.
   *
   * @param sourceType of the source; empty for every type that there is of that id
   */
  public ExplainView explain(String userId, String sourceId, String sourceType) {
    var candidates =
        Candidates.all(ofProducts(part -> part.candidates(userId, sourceId, sourceType)));
    var ids = candidates.first().stream().map(Candidate::productId).distinct().toList();
    var part = partOf(userId);
    var standings = new ArrayList<Standing>();
    for (int i = 0; i < ids.size(); i += Giving.IDS_MAX) {
      standings.addAll(
          part.standings(userId, ids.subList(i, Math.min(ids.size(), i + Giving.IDS_MAX))));
    }
    return Explain.of(userId, sourceId, sourceType, candidates, standings);
  }

  /** What an event would do if it came now. */
  public PreviewView preview(ProductEvent event, long nowMs) {
    return Preview.of(event, parts, rules, nowMs);
  }

  /** The products that are being swept: those that have the most members left. */
  public List<SweepingView> sweeping() {
    var left = new TreeMap<String, Progress>();
    ofUsers(part -> part.sweeping(SWEEPING_MAX)).stream()
        .flatMap(List::stream)
        .forEach(each -> left.merge(each.productId(), each.progress(), Questions::both));
    return left.entrySet().stream()
        .sorted(Comparator.comparingLong(entry -> -entry.getValue().membersLeft()))
        .limit(SWEEPING_MAX)
        .map(entry -> sweeping(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static Progress both(Progress a, Progress b) {
    return new Progress(
        Math.max(a.revision(), b.revision()),
        a.membersLeft() + b.membersLeft(),
        Math.min(a.sinceMs(), b.sinceMs()));
  }

  private SweepingView sweeping(String productId, Progress progress) {
    var place = new Lookup(parts).find(productId);
    var members = place == null ? 0 : Views.members(place.product());
    return new SweepingView(
        productId,
        progress.revision(),
        progress.membersLeft(),
        // Of a deleted product's members none is counted any more.
        Math.max(members, progress.membersLeft()),
        Views.instantOrNull(progress.sinceMs()));
  }

  /** Numbers over everything. */
  public Overview overview() {
    var products = new EnumMap<ProductState, Long>(ProductState.class);
    var requests = new EnumMap<RequestState, Long>(RequestState.class);
    for (var state : ProductState.values()) {
      products.put(state, 0L);
    }
    for (var state : RequestState.values()) {
      requests.put(state, 0L);
    }
    long members = 0;
    for (int p = 0; p < parts.productPartitions(); p++) {
      var totals = parts.products(p).totals();
      totals.products().forEach((state, n) -> products.merge(state, n, Long::sum));
      totals.requests().forEach((state, n) -> requests.merge(state, n, Long::sum));
      members += totals.members();
    }
    var sweeps = ofUsers(UserPart::sweeps).stream().mapToLong(Long::longValue).sum();
    return new Overview(products, requests, members, sweeps);
  }
}
