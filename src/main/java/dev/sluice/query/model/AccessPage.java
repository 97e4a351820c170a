package dev.sluice.query.model;

import dev.sluice.access.MembershipStatus;
import dev.sluice.query.model.ApiModel.AccessView;
import dev.sluice.query.model.ApiModel.Approval;
import dev.sluice.query.model.ApiModel.GivenBy;
import dev.sluice.query.model.ApiModel.Page;
import dev.sluice.update.SourceRef;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One page of the sources that a user has, made of what products give, one after the other. It
 * keeps one source more than the page has, and of each the products that are told, so that it does
 * not grow with what the user has.
 */
public final class AccessPage {
  /** So many products that give the same are told. */
  private static final int PROVIDERS_LISTED = 20;

  private final Map<String, MembershipStatus> membershipStatuss = new HashMap<>();
  private final TreeMap<SourceRef, Providers> sources = new TreeMap<>();
  private final int max;

  /** The products that give one source, the first of them by productId, and how many. */
  private static final class Providers {
    private final TreeMap<String, GivenBy> first = new TreeMap<>();
    private long count;
    private boolean spreading;
  }

  /**
   * An empty page.
   *
   * @param max so many sources
   */
  public AccessPage(int max) {
    this.max = max;
  }

  /** Before what some products give is added: where the user stands in them. */
  public void begin(List<MembershipStatus> some) {
    membershipStatuss.clear();
    some.forEach(s -> membershipStatuss.put(s.productId(), s));
  }

  /** How many sources of a product may be on the page, or tell that there is another page. */
  public int wanted() {
    return max + 1;
  }

  /** Adds what a product gives: its first sources that are wanted. */
  public void add(UserProduct userProduct) {
    var by =
        new GivenBy(
            userProduct.productId(),
            userProduct.approved().stream()
                .map(
                    r ->
                        new Approval(
                            r.requestId(), Views.instant(r.sinceMs()), Views.instant(r.untilMs())))
                .toList(),
            userProduct.approvedCount());
    var membershipStatus = membershipStatuss.get(userProduct.productId());
    var spreads =
        membershipStatus == null
            || membershipStatus.spreads()
            || membershipStatus.revision() != userProduct.revision();
    for (var source : userProduct.sources()) {
      if (sources.size() >= wanted() && source.compareTo(sources.lastKey()) > 0) {
        return; // and so are the rest
      }
      var providers = sources.computeIfAbsent(source, s -> new Providers());
      providers.count++;
      providers.spreading |= spreads;
      providers.first.put(userProduct.productId(), by);
      if (providers.first.size() > PROVIDERS_LISTED) {
        providers.first.pollLastEntry();
      }
      if (sources.size() > wanted()) {
        sources.pollLastEntry();
      }
    }
  }

  /** The page: it ends earlier where its items are large. */
  public Page<AccessView> page() {
    var taking = new PartialList.Taking<AccessView>(max, PartialList.ROOM);
    for (var entry : sources.entrySet()) {
      var source = entry.getKey();
      var providers = entry.getValue();
      if (!taking.take(
          new AccessView(
              source.sourceId(),
              source.sourceType(),
              providers.spreading,
              List.copyOf(providers.first.values()),
              providers.count))) {
        break;
      }
    }
    var partialList = taking.slice();
    if (!partialList.more()) {
      return new Page<>(partialList.items(), null);
    }
    var last = partialList.items().getLast();
    return new Page<>(partialList.items(), Cursor.after(last.sourceId() + '|' + last.sourceType()));
  }
}
