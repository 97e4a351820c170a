package dev.sluice.query;

import dev.sluice.access.SourceRef;
import dev.sluice.access.Standing;
import dev.sluice.query.Answer.AccessView;
import dev.sluice.query.Answer.Approval;
import dev.sluice.query.Answer.GivenBy;
import dev.sluice.query.Answer.Page;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One page of the sources that a user has, made of what products give, one after the other. It
 * keeps one source more than the page has, and of each the products that are told, so that it does
 * not grow with what the user has.
 */
final class AccessPage {
  /** So many products that give the same are told. */
  private static final int GIVERS_LISTED = 20;

  private final Map<String, Standing> standings = new HashMap<>();
  private final TreeMap<SourceRef, Givers> sources = new TreeMap<>();
  private final int max;

  /** The products that give one source, the first of them by productId, and how many. */
  private static final class Givers {
    private final TreeMap<String, GivenBy> first = new TreeMap<>();
    private long count;
    private boolean spreading;
  }

  /**
   * An empty page.
   *
   * @param max so many sources
   */
  AccessPage(int max) {
    this.max = max;
  }

  /** Before what some products give is added: where the user stands in them. */
  void begin(List<Standing> some) {
    standings.clear();
    some.forEach(s -> standings.put(s.productId(), s));
  }

  /** How many sources of a product may be on the page, or tell that there is another page. */
  int wanted() {
    return max + 1;
  }

  /** Adds what a product gives: its first sources that are wanted. */
  void add(Giving giving) {
    var by =
        new GivenBy(
            giving.productId(),
            giving.approved().stream()
                .map(
                    r ->
                        new Approval(
                            r.requestId(), Views.instant(r.sinceMs()), Views.instant(r.untilMs())))
                .toList(),
            giving.approvedCount());
    var standing = standings.get(giving.productId());
    var spreads =
        standing == null || standing.spreads() || standing.revision() != giving.revision();
    for (var source : giving.sources()) {
      if (sources.size() >= wanted() && source.compareTo(sources.lastKey()) > 0) {
        return; // and so are the rest
      }
      var givers = sources.computeIfAbsent(source, s -> new Givers());
      givers.count++;
      givers.spreading |= spreads;
      givers.first.put(giving.productId(), by);
      if (givers.first.size() > GIVERS_LISTED) {
        givers.first.pollLastEntry();
      }
      if (sources.size() > wanted()) {
        sources.pollLastEntry();
      }
    }
  }

  /** The page: it ends earlier where its items are large. */
  Page<AccessView> page() {
    var taking = new Slice.Taking<AccessView>(max, Slice.ROOM);
    for (var entry : sources.entrySet()) {
      var source = entry.getKey();
      var givers = entry.getValue();
      if (!taking.take(
          new AccessView(
              source.sourceId(),
              source.sourceType(),
              givers.spreading,
              List.copyOf(givers.first.values()),
              givers.count))) {
        break;
      }
    }
    var slice = taking.slice();
    if (!slice.more()) {
      return new Page<>(slice.items(), null);
    }
    var last = slice.items().getLast();
    return new Page<>(slice.items(), Cursor.after(last.sourceId() + '|' + last.sourceType()));
  }
}
