package dev.sluice.query.shard;

import dev.sluice.access.MembershipStatus;
import dev.sluice.access.PreviewResult;
import dev.sluice.access.UserStatus;
import dev.sluice.access.stage.AccessReader;
import dev.sluice.access.stage.AccessReader.Holder;
import dev.sluice.access.stage.AccessReader.Member;
import dev.sluice.access.stage.AccessReader.Progress;
import dev.sluice.access.stage.AccessReader.Sweeping;
import dev.sluice.product.AccessRequest;
import dev.sluice.product.ExplainedProducts;
import dev.sluice.product.Product;
import dev.sluice.product.ProductState;
import dev.sluice.product.RequestState;
import dev.sluice.product.stage.ProductReader;
import dev.sluice.product.stage.ProductReader.Found;
import dev.sluice.product.stage.TaskStatistics;
import dev.sluice.query.model.ApiModel.ProductLine;
import dev.sluice.query.model.PartialList;
import dev.sluice.query.model.UserProduct;
import dev.sluice.query.model.Views;
import dev.sluice.streams.ReadStores;
import dev.sluice.update.AccessUpdate;
import dev.sluice.update.wire.AccessUpdateSerde;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Partitions whose stores are read in this process. */
public final class LocalShards {
  /** Maximum number of a product's requests searched for those of one user. */
  static final int CANDIDATES_MAX = 50_000;

  /** Maximum number of members and commands that a preview computes in one partition. */
  static final int PREVIEW_MAX = 200_000;

  /** Maximum number of items that a preview lists. */
  public static final int PREVIEW_LISTED = 100;

  private LocalShards() {}

  private static long end(AccessRequest request) {
    var end = request.expiresAtMs();
    return end == null ? Long.MAX_VALUE : end;
  }

  private static ProductShard.Statistics kept(TaskStatistics statistics) {
    // First, so that what is counted meanwhile does not make it false.
    var counting = statistics.isCounting();
    var products = new EnumMap<ProductState, Long>(ProductState.class);
    for (var state : ProductState.values()) {
      products.put(state, statistics.products(state));
    }
    var requests = new EnumMap<RequestState, Long>(RequestState.class);
    for (var state : RequestState.values()) {
      requests.put(state, statistics.requests(state));
    }
    return new ProductShard.Statistics(products, requests, statistics.members(), counting);
  }

  private static void requireFew(List<String> productIds) {
    if (productIds.size() > UserProduct.IDS_MAX) {
      throw new IllegalArgumentException(
          "the query covers %d products; the maximum is %d"
              .formatted(productIds.size(), UserProduct.IDS_MAX));
    }
  }

  /**
   * A shard of products, read in its stores.
   *
   * @param statistics of the task that works on it; null for a copy, whose products are counted
   *     when they are asked for
   */
  public static ProductShard products(
      ReadStores stores, Deadline deadline, @Nullable TaskStatistics statistics) {
    var reader = new ProductReader(deadline.over(stores));
    return new ProductShard() {
      @Override
      public @Nullable Product product(String productId) {
        return reader.product(productId);
      }

      @Override
      public PartialList<ProductLine> lines(String after, int max, int room) {
        var taking = new PartialList.Taking<ProductLine>(max, room);
        reader.products(after, product -> taking.take(Views.line(product)));
        return taking.slice();
      }

      @Override
      public Statistics statistics() {
        return statistics == null ? walked() : kept(statistics);
      }

      private Statistics walked() {
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
        return new Statistics(products, requests, members.sum(), false);
      }

      @Override
      public PartialList<AccessRequest> requestsAfter(
          String productId, String after, int max, int room) {
        var taking = new PartialList.Taking<AccessRequest>(max, room);
        reader.requests(productId, after, taking::take);
        return taking.slice();
      }

      @Override
      public @Nullable AccessRequest request(String productId, String requestId) {
        return reader.requestsOf(productId).find(requestId);
      }

      @Override
      public List<Found> find(String requestId, int max) {
        var taking = new PartialList.Taking<Found>(max, PartialList.ROOM);
        reader.find(requestId, taking::take);
        return taking.slice().items();
      }

      @Override
      public PartialList<AccessRequest> approvedOf(String productId, String userId) {
        var taking = new PartialList.Taking<AccessRequest>(Integer.MAX_VALUE, PartialList.ROOM);
        reader.approvedOf(productId, userId, taking::take);
        return taking.slice();
      }

      @Override
      public PartialList<AccessRequest> scheduledOf(String productId, String userId) {
        var taking = new PartialList.Taking<AccessRequest>(Integer.MAX_VALUE, PartialList.ROOM);
        reader.requestsOf(productId).visitScheduled(userId, taking::take);
        return taking.slice();
      }

      @Override
      public boolean hasApproved(String productId, String userId, Set<String> except) {
        return reader.requestsOf(productId).hasApproved(userId, except);
      }

      @Override
      public PartialList<AccessRequest> expiredOf(String productId, String userId, long afterMs) {
        var taking = new PartialList.Taking<AccessRequest>(Integer.MAX_VALUE, PartialList.ROOM);
        reader.expiredOf(productId, userId, afterMs, taking::take);
        return taking.slice();
      }

      @Override
      public @Nullable AccessRequest lastEnded(String productId, String userId, long atMs) {
        // Requests whose end the worker's clock has not reached yet end after all others.
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
      public ExplainedProducts candidates(String userId, String sourceId, String sourceType) {
        return reader.candidates(
            userId, sourceId, sourceType, CANDIDATES_MAX, deadline::isHalfOver);
      }

      @Override
      public UserProduct.Some givings(
          String userId, List<String> productIds, String after, int max) {
        requireFew(productIds);
        var found = new ArrayList<UserProduct>();
        var seen = new HashSet<String>();
        int room = PartialList.ROOM;
        int looked = 0;
        // Sequential: the sources of many products are not held at once.
        for (var productId : productIds) {
          if (looked > 0 && room <= 0) {
            break;
          }
          looked++;
          var userProduct = seen.add(productId) ? giving(userId, productId, after, max) : null;
          if (userProduct != null) {
            found.add(userProduct);
            room -= userProduct.toString().length();
          }
        }
        return new UserProduct.Some(found, looked);
      }

      private @Nullable UserProduct giving(String userId, String productId, String after, int max) {
        var product = reader.product(productId);
        if (product == null) {
          return null;
        }
        if (product.state() != ProductState.ACTIVE) {
          return new UserProduct(productId, product.revision(), List.of(), List.of(), 0);
        }
        var approved = new ArrayList<UserProduct.ApprovedRequest>();
        reader.approvedOf(
            productId,
            userId,
            request -> {
              approved.add(UserProduct.ApprovedRequest.of(request));
              return approved.size() < UserProduct.LISTED;
            });
        return new UserProduct(
            productId,
            product.revision(),
            approved.isEmpty()
                ? List.of()
                : Views.sourcesAfter(product.sources(), after, PartialList.atMost(max)),
            approved,
            reader.approvedCount(productId, userId));
      }
    };
  }

  public static UserShard users(ReadStores stores, int partition, Deadline deadline) {
    var reader = new AccessReader(deadline.over(stores));
    return new UserShard() {
      @Override
      public PartialList<MembershipStatus> standingsAfter(String userId, String after, int max) {
        var taking = new PartialList.Taking<MembershipStatus>(max, PartialList.ROOM);
        reader.standings(userId, after, taking::take);
        return taking.slice();
      }

      @Override
      public List<MembershipStatus> standings(String userId, List<String> productIds) {
        requireFew(productIds);
        var found = new ArrayList<MembershipStatus>();
        for (var productId : productIds) {
          var membershipStatus = reader.standing(userId, productId);
          if (membershipStatus != null) {
            found.add(membershipStatus);
          }
        }
        return found;
      }

      @Override
      public @Nullable UserStatus user(String userId) {
        return reader.user(userId);
      }

      @Override
      public List<Member> members(String productId, String after, int max) {
        return reader.members(productId, after, PartialList.atMost(max));
      }

      @Override
      public List<Holder> holders(String sourceId, String sourceType, String after, int max) {
        return reader.holders(sourceId, sourceType, after, PartialList.atMost(max));
      }

      @Override
      public @Nullable Progress progress(String productId) {
        return reader.progress(productId);
      }

      @Override
      public List<Sweeping> sweeping(int max) {
        return reader.sweeping(PartialList.atMost(max));
      }

      @Override
      public long sweeps() {
        return reader.sweepCount();
      }

      @Override
      public PreviewResult preview(List<byte[]> updates) {
        var deserializer = new AccessUpdateSerde().deserializer();
        List<AccessUpdate> all;
        try {
          all = updates.stream().map(bytes -> deserializer.deserialize("", bytes)).toList();
        } catch (RuntimeException e) {
          throw new IllegalArgumentException("these are no updates", e);
        }
        return reader.preview(all, partition, PREVIEW_MAX, PREVIEW_LISTED);
      }
    };
  }
}
