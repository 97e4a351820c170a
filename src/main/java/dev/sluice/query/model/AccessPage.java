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
 * One page of a user's sources, collected product by product. It holds one source more than the
 * page size, and only the listed products of each, so that its size does not depend on the user's
 * access.
 */
public final class AccessPage {
  /** Maximum number of products listed for a source. */
  private static final int PROVIDERS_LISTED = 20;

  private final Map<String, MembershipStatus> membershipStatuses = new HashMap<>();
  private final TreeMap<SourceRef, Providers> sources = new TreeMap<>();
  private final int max;
  private final boolean userIsPending;

  /** The first products that give one source, by productId, and their number. */
  private static final class Providers {
    private final TreeMap<String, GivenBy> first = new TreeMap<>();
    private long count;
    private boolean spreading;
  }

  /**
   * Creates an empty page.
   *
   * @param max maximum number of sources
   * @param isPending whether commands for the user are pending, whatever the product
   */
  public AccessPage(int max, boolean isPending) {
    this.max = max;
    userIsPending = isPending;
  }

  /** Before what some products give is added: where the user stands in them. */
  public void begin(List<MembershipStatus> some) {
    membershipStatuses.clear();
    some.forEach(s -> membershipStatuses.put(s.productId(), s));
  }

  /**
   * Returns how many sources of a product the page needs to be complete and to detect a next page.
   */
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
    var membershipStatus = membershipStatuses.get(userProduct.productId());
    var isPending =
        userIsPending
            || membershipStatus == null
            || membershipStatus.isPending()
            || membershipStatus.revision() != userProduct.revision();
    for (var source : userProduct.sources()) {
      if (sources.size() >= wanted() && source.compareTo(sources.lastKey()) > 0) {
        return; // and so are the rest
      }
      var providers = sources.computeIfAbsent(source, s -> new Providers());
      providers.count++;
      providers.spreading |= isPending;
      providers.first.put(userProduct.productId(), by);
      if (providers.first.size() > PROVIDERS_LISTED) {
        providers.first.pollLastEntry();
      }
      if (sources.size() > wanted()) {
        sources.pollLastEntry();
      }
    }
  }

  /** Returns the page; it ends earlier if its items are large. */
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
