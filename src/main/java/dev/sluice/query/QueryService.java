package dev.sluice.query;

import dev.sluice.access.MembershipStatus;
import dev.sluice.access.stage.AccessReader;
import dev.sluice.access.stage.AccessReader.Progress;
import dev.sluice.event.Event;
import dev.sluice.product.DecisionRules;
import dev.sluice.product.ExplainedProduct;
import dev.sluice.product.ExplainedProducts;
import dev.sluice.product.ProductState;
import dev.sluice.product.RequestState;
import dev.sluice.query.model.AccessPage;
import dev.sluice.query.model.ApiModel.AccessView;
import dev.sluice.query.model.ApiModel.ExplainView;
import dev.sluice.query.model.ApiModel.HolderView;
import dev.sluice.query.model.ApiModel.MemberView;
import dev.sluice.query.model.ApiModel.Overview;
import dev.sluice.query.model.ApiModel.Page;
import dev.sluice.query.model.ApiModel.PreviewView;
import dev.sluice.query.model.ApiModel.ProductLine;
import dev.sluice.query.model.ApiModel.ProductView;
import dev.sluice.query.model.ApiModel.RequestView;
import dev.sluice.query.model.ApiModel.Requests;
import dev.sluice.query.model.ApiModel.SweepView;
import dev.sluice.query.model.ApiModel.SweepingView;
import dev.sluice.query.model.Cursor;
import dev.sluice.query.model.Explain;
import dev.sluice.query.model.PartialList;
import dev.sluice.query.model.UserProduct;
import dev.sluice.query.model.Views;
import dev.sluice.query.shard.ProductShard;
import dev.sluice.query.shard.Scatter;
import dev.sluice.query.shard.ShardKind;
import dev.sluice.query.shard.Shards;
import dev.sluice.query.shard.UserShard;
import dev.sluice.update.wire.UserPartitions;
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

/** All queries, composed of the answers of the partitions. */
public final class QueryService {
  /** Maximum number of requests listed for one id. */
  private static final int SAME_ID_MAX = 100;

  /** Minimum room of a part's answer, in characters. */
  private static final int ROOM_MIN = 32 * 1024;

  /** Maximum number of a user's products held at a time. */
  private static final int STANDINGS_AT_ONCE = 1_000;

  /** Maximum number of sweeps listed. */
  private static final int SWEEPING_MAX = 20;

  /** Maximum number of pages in which one call looks for a user who is not deactivated. */
  static final int HOLDER_PAGES_MAX = 20;

  private final Shards shards;
  private final Scatter scatter;
  private final DecisionRules decisionRules;

  QueryService(Shards shards, Scatter scatter, DecisionRules decisionRules) {
    this.shards = shards;
    this.scatter = scatter;
    this.decisionRules = decisionRules;
  }

  private <T> List<T> ofProducts(Function<ProductShard, T> question) {
    return ofAll(
        ShardKind.PRODUCTS, shards.productPartitions(), p -> question.apply(shards.products(p)));
  }

  private <T> List<T> ofUsers(Function<UserShard, T> question) {
    return ofAll(ShardKind.USERS, shards.userPartitions(), p -> question.apply(shards.users(p)));
  }

  private <T> List<T> ofAll(ShardKind shardKind, int partitions, IntFunction<T> question) {
    return scatter.gather(
        IntStream.range(0, partitions).boxed().toList(),
        partition -> shards.isHere(shardKind, partition),
        question::apply);
  }

  private UserShard partOf(String userId) {
    return shards.users(new UserPartitions(shards.userPartitions()).applyAsInt(userId));
  }

  /**
   * Merges sorted lists of several parts into a page. Each list has at least as many items as the
   * page.
   */
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

  /**
   * Merges sorted lists of several parts into a page. Each list may be shorter than its part's
   * content.
   */
  private static <T, V> Page<V> slices(
      List<PartialList<T>> partialLists, Function<T, String> id, Function<T, V> view, int max) {
    // If a list ends before its part does, the order beyond its last item is unknown.
    var end =
        partialLists.stream()
            .filter(PartialList::more)
            .map(partialList -> id.apply(partialList.items().getLast()))
            .min(AccessReader.ORDER);
    var all =
        partialLists.stream()
            .flatMap(partialList -> partialList.items().stream())
            .filter(i -> end.isEmpty() || AccessReader.ORDER.compare(id.apply(i), end.get()) <= 0)
            .sorted(Comparator.comparing(id, AccessReader.ORDER))
            .toList();
    var some = all.subList(0, Math.min(max, all.size()));
    return new Page<>(
        some.stream().map(view).toList(),
        end.isPresent() || all.size() > max ? Cursor.after(id.apply(some.getLast())) : null);
  }

  /** Returns a page of products by productId, beginning after the given id. */
  public Page<ProductLine> products(String after, int max) {
    var room = Math.max(ROOM_MIN, PartialList.ROOM / shards.productPartitions());
    return slices(
        ofProducts(part -> part.lines(after, max, room)),
        ProductLine::productId,
        Function.identity(),
        max);
  }

  /** Returns a product; null if it does not exist. */
  public @Nullable ProductView product(String productId) {
    var place = new ProductLocator(shards).find(productId);
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

  /** Returns a page of a product's members by userId; null if the product does not exist. */
  public @Nullable Page<MemberView> members(String productId, String after, int max) {
    if (new ProductLocator(shards).find(productId) == null) {
      return null;
    }
    return page(
        ofUsers(part -> part.members(productId, after, max + 1)),
        AccessReader.Member::userId,
        member -> new MemberView(member.userId(), member.spreading()),
        max);
  }

  /** Returns a page of a product's requests by requestId; null if the product does not exist. */
  public @Nullable Page<RequestView> requests(String productId, String after, int max) {
    var place = new ProductLocator(shards).find(productId);
    return place == null
        ? null
        : slices(
            List.of(place.part().requestsAfter(productId, after, max, PartialList.ROOM)),
            r -> r.requestId(),
            r -> Views.request(productId, r),
            max);
  }

  /**
   * Returns the requests with an id.
   *
   * @param productId product to search; null for all
   */
  public Requests request(String requestId, @Nullable String productId) {
    if (productId != null) {
      var place = new ProductLocator(shards).find(productId);
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
   * Returns a page of a user's sources, by sourceId and type.
   *
   * @param after {@code sourceId|sourceType}; an id alone is after all of its types
   */
  public Page<AccessView> access(String userId, String after, int max) {
    var part = partOf(userId);
    var status = part.user(userId);
    var deactivated = Views.deactivated(status);
    if (deactivated != null) {
      return new Page<>(List.of(), null, deactivated);
    }
    var page = new AccessPage(max, status != null);
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

  /** Adds the sources that these products give to a page. */
  private void givings(String userId, List<MembershipStatus> of, String after, AccessPage page) {
    var missing = new TreeSet<String>();
    of.forEach(s -> missing.add(s.productId()));
    // First in the partitions of events.partitioner, then everywhere for the rest. Sequential, so
    // that the sources of few products are held at once.
    var byPartition = new TreeMap<Integer, List<String>>();
    for (var id : missing) {
      byPartition.computeIfAbsent(shards.productPartition(id), p -> new ArrayList<>()).add(id);
    }
    byPartition.forEach((p, ids) -> givings(p, userId, ids, after, page, missing));
    for (int p = 0; p < shards.productPartitions() && !missing.isEmpty(); p++) {
      givings(p, userId, List.copyOf(missing), after, page, missing);
    }
  }

  /**
   * Adds the sources of a partition's products to a page, and removes these products from the
   * missing ones.
   */
  private void givings(
      int partition,
      String userId,
      List<String> ids,
      String after,
      AccessPage page,
      Set<String> missing) {
    var part = shards.products(partition);
    for (int i = 0; i < ids.size(); ) {
      var asked = ids.subList(i, Math.min(ids.size(), i + UserProduct.IDS_MAX));
      var some = part.givings(userId, asked, after, page.wanted());
      for (var userProduct : some.items()) {
        page.add(userProduct);
        missing.remove(userProduct.productId());
      }
      i += Math.max(1, some.looked());
    }
  }

  /**
   * Returns a page of the users with access to a source, by userId. It can be shorter than the
   * maximum although more follow: users who are deactivated are left out, and only a bounded number
   * of them is passed in one call.
   *
   * @param sourceType type of the source; empty for all types of the id
   */
  public Page<HolderView> holders(String sourceId, String sourceType, String after, int max) {
    var page = holdersPage(sourceId, sourceType, after, max);
    for (int i = 1; i < HOLDER_PAGES_MAX && page.items().isEmpty() && page.next() != null; i++) {
      page = holdersPage(sourceId, sourceType, Cursor.id(page.next()), max);
    }
    return page;
  }

  private Page<HolderView> holdersPage(String sourceId, String sourceType, String after, int max) {
    var all =
        page(
            ofUsers(part -> part.holders(sourceId, sourceType, after, max + 1)),
            AccessReader.Holder::userId,
            Function.identity(),
            max);
    return new Page<>(
        all.items().stream()
            .filter(h -> !h.deactivated())
            .map(
                h ->
                    new HolderView(
                        h.userId(),
                        h.sourceTypes(),
                        h.productIds(),
                        h.productCount(),
                        h.spreading()))
            .toList(),
        all.next());
  }

  /**
   * Explains why a user has, or does not have, access to a source.
   *
   * @param sourceType type of the source; empty for all types of the id
   */
  public ExplainView explain(String userId, String sourceId, String sourceType) {
    var explainedProducts =
        ExplainedProducts.all(ofProducts(part -> part.candidates(userId, sourceId, sourceType)));
    var ids =
        explainedProducts.first().stream().map(ExplainedProduct::productId).distinct().toList();
    var part = partOf(userId);
    var membershipStatuss = new ArrayList<MembershipStatus>();
    for (int i = 0; i < ids.size(); i += UserProduct.IDS_MAX) {
      membershipStatuss.addAll(
          part.standings(userId, ids.subList(i, Math.min(ids.size(), i + UserProduct.IDS_MAX))));
    }
    return Explain.of(
        userId, sourceId, sourceType, explainedProducts, membershipStatuss, part.user(userId));
  }

  /** Previews the effect of an event. */
  public PreviewView preview(Event event, long nowMs) {
    return Preview.of(event, shards, decisionRules, nowMs);
  }

  /** Returns the sweeps in progress with the most members left. */
  public List<SweepingView> sweeping() {
    var left = new TreeMap<String, Progress>();
    ofUsers(part -> part.sweeping(SWEEPING_MAX)).stream()
        .flatMap(List::stream)
        .forEach(each -> left.merge(each.productId(), each.progress(), QueryService::both));
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
    var place = new ProductLocator(shards).find(productId);
    var members = place == null ? 0 : Views.members(place.product());
    return new SweepingView(
        productId,
        progress.revision(),
        progress.membersLeft(),
        // Members of a deleted product are not counted.
        Math.max(members, progress.membersLeft()),
        Views.instantOrNull(progress.sinceMs()));
  }

  /** Returns totals over all products. */
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
    var counting = false;
    for (var totals : ofProducts(ProductShard::statistics)) {
      totals.products().forEach((state, n) -> products.merge(state, n, Long::sum));
      totals.requests().forEach((state, n) -> requests.merge(state, n, Long::sum));
      members += totals.members();
      counting |= totals.counting();
    }
    var sweeps = ofUsers(UserShard::sweeps).stream().mapToLong(Long::longValue).sum();
    return new Overview(products, requests, members, sweeps, counting);
  }
}
