package dev.sluice.query;

import dev.sluice.access.AccessReader;
import dev.sluice.access.AccessReader.Holder;
import dev.sluice.access.AccessReader.Member;
import dev.sluice.access.AccessReader.Progress;
import dev.sluice.access.AccessReader.Sweeping;
import dev.sluice.access.AccessUpdate;
import dev.sluice.access.AccessUpdateSerde;
import dev.sluice.access.Foresight;
import dev.sluice.access.ReadStores;
import dev.sluice.access.Standing;
import dev.sluice.product.AccessRequest;
import dev.sluice.product.Candidates;
import dev.sluice.product.Product;
import dev.sluice.product.ProductReader;
import dev.sluice.product.ProductReader.Found;
import dev.sluice.product.ProductState;
import dev.sluice.product.RequestState;
import dev.sluice.query.Answer.ProductLine;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Partitions that are asked by reading their stores. */
final class LocalParts {
  /** So many requests of one product are looked through for those of one user. */
  static final int LOOK_MAX = 50_000;

  /** So many members and commands a preview works out in one partition. */
  static final int FORESEE_MAX = 200_000;

  /** So many of what a preview finds are told in full. */
  static final int FORESEE_LISTED = 100;

  private LocalParts() {}

  private static long end(AccessRequest request) {
    var end = request.expiresAtMs();
    return end == null ? Long.MAX_VALUE : end;
  }

  private static void requireFew(List<String> productIds) {
    if (productIds.size() > Giving.IDS_MAX) {
      throw new IllegalArgumentException(
          "%d products are asked about; ask about %d at most"
              .formatted(productIds.size(), Giving.IDS_MAX));
    }
  }

  static ProductPart products(ReadStores stores, Deadline deadline) {
    var reader = new ProductReader(deadline.over(stores));
    return new ProductPart() {
      @Override
      public @Nullable Product product(String productId) {
        return reader.product(productId);
      }

      @Override
      public Slice<ProductLine> lines(String after, int max, int room) {
        var taking = new Slice.Taking<ProductLine>(max, room);
        reader.products(after, product -> taking.take(Views.line(product)));
        return taking.slice();
      }

      @Override
      public Totals totals() {
        var products = new EnumMap<ProductState, Long>(ProductState.class);
        var requests = new EnumMap<RequestState, Long>(RequestState.class);
        var members = new LongAdder();
        reader.products(
            "",
            product -> {
              products.merge(product.state(), 1L, Long::sum);
              if (product.state() != ProductState.DELETED) {
                Views.counts(product.requests()).forEach((s, n) -> requests.merge(s, n, Long::sum));
                members.add(Views.members(product));
              }
              return true;
            });
        return new Totals(products, requests, members.sum());
      }

      @Override
      public Slice<AccessRequest> requestsAfter(String productId, String after, int max, int room) {
        var taking = new Slice.Taking<AccessRequest>(max, room);
        reader.requests(productId, after, taking::take);
        return taking.slice();
      }

      @Override
      public @Nullable AccessRequest request(String productId, String requestId) {
        return reader.requestsOf(productId).find(requestId);
      }

      @Override
      public List<Found> find(String requestId, int max) {
        var taking = new Slice.Taking<Found>(max, Slice.ROOM);
        reader.find(requestId, taking::take);
        return taking.slice().items();
      }

      @Override
      public Slice<AccessRequest> approvedOf(String productId, String userId) {
        var taking = new Slice.Taking<AccessRequest>(Integer.MAX_VALUE, Slice.ROOM);
        reader.approvedOf(productId, userId, taking::take);
        return taking.slice();
      }

      @Override
      public boolean hasApproved(String productId, String userId, Set<String> except) {
        return reader.requestsOf(productId).hasApproved(userId, except);
      }

      @Override
      public Slice<AccessRequest> expiredOf(String productId, String userId, long afterMs) {
        var taking = new Slice.Taking<AccessRequest>(Integer.MAX_VALUE, Slice.ROOM);
        reader.expiredOf(productId, userId, afterMs, taking::take);
        return taking.slice();
      }

      @Override
      public @Nullable AccessRequest lastEnded(String productId, String userId, long atMs) {
        // What the clock has not come by yet ended after all that it has.
        var last = new AtomicReference<@Nullable AccessRequest>();
        reader.expiredOf(
            productId,
            userId,
            Long.MIN_VALUE,
            request -> {
              var ended = end(request) <= atMs;
              if (ended) {
                last.set(request);
              }
              return ended;
            });
        var due = new AtomicReference<@Nullable AccessRequest>();
        reader.approvedOf(
            productId,
            userId,
            request -> {
              var known = due.get();
              if (end(request) <= atMs && (known == null || end(request) >= end(known))) {
                due.set(request);
              }
              return true;
            });
        return due.get() == null ? last.get() : due.get();
      }

      @Override
      public Candidates candidates(String userId, String sourceId, String sourceType) {
        return reader.candidates(userId, sourceId, sourceType, LOOK_MAX, deadline::isHalfOver);
      }

      @Override
      public Giving.Some givings(String userId, List<String> productIds, String after, int max) {
        requireFew(productIds);
        var found = new ArrayList<Giving>();
        var seen = new HashSet<String>();
        int room = Slice.ROOM;
        int looked = 0;
        // One product after the other: many of them with all their sources are not held at once.
        for (var productId : productIds) {
          if (looked > 0 && room <= 0) {
            break;
          }
          looked++;
          var giving = seen.add(productId) ? giving(userId, productId, after, max) : null;
          if (giving != null) {
            found.add(giving);
            room -= giving.toString().length();
          }
        }
        return new Giving.Some(found, looked);
      }

      private @Nullable Giving giving(String userId, String productId, String after, int max) {
        var product = reader.product(productId);
        if (product == null) {
          return null;
        }
        if (product.state() != ProductState.ACTIVE) {
          return new Giving(productId, product.revision(), List.of(), List.of(), 0);
        }
        var approved = new ArrayList<Giving.Given>();
        reader.approvedOf(
            productId,
            userId,
            request -> {
              approved.add(Giving.Given.of(request));
              return approved.size() < Giving.LISTED;
            });
        return new Giving(
            productId,
            product.revision(),
            approved.isEmpty()
                ? List.of()
                : Views.sourcesAfter(product.sources(), after, Slice.atMost(max)),
            approved,
            reader.approvedCount(productId, userId));
      }
    };
  }

  static UserPart users(ReadStores stores, int partition, Deadline deadline) {
    var reader = new AccessReader(deadline.over(stores));
    return new UserPart() {
      @Override
      public Slice<Standing> standingsAfter(String userId, String after, int max) {
        var taking = new Slice.Taking<Standing>(max, Slice.ROOM);
        reader.standings(userId, after, taking::take);
        return taking.slice();
      }

      @Override
      public List<Standing> standings(String userId, List<String> productIds) {
        requireFew(productIds);
        var found = new ArrayList<Standing>();
        for (var productId : productIds) {
          var standing = reader.standing(userId, productId);
          if (standing != null) {
            found.add(standing);
          }
        }
        return found;
      }

      @Override
      public List<Member> members(String productId, String after, int max) {
        return reader.members(productId, after, Slice.atMost(max));
      }

      @Override
      public List<Holder> holders(String sourceId, String sourceType, String after, int max) {
        return reader.holders(sourceId, sourceType, after, Slice.atMost(max));
      }

      @Override
      public @Nullable Progress progress(String productId) {
        return reader.progress(productId);
      }

      @Override
      public List<Sweeping> sweeping(int max) {
        return reader.sweeping(Slice.atMost(max));
      }

      @Override
      public long sweeps() {
        return reader.sweepCount();
      }

      @Override
      public Foresight foresee(List<byte[]> updates) {
        var deserializer = new AccessUpdateSerde().deserializer();
        List<AccessUpdate> all;
        try {
          all = updates.stream().map(bytes -> deserializer.deserialize("", bytes)).toList();
        } catch (RuntimeException e) {
          throw new IllegalArgumentException("these are no updates", e);
        }
        return reader.foresee(all, partition, FORESEE_MAX, FORESEE_LISTED);
      }
    };
  }
}
