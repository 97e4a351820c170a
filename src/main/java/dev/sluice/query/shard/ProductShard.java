package dev.sluice.query.shard;

import dev.sluice.product.AccessRequest;
import dev.sluice.product.ExplainedProducts;
import dev.sluice.product.Product;
import dev.sluice.product.ProductState;
import dev.sluice.product.RequestState;
import dev.sluice.product.stage.ProductReader.Found;
import dev.sluice.query.model.ApiModel.ProductLine;
import dev.sluice.query.model.PartialList;
import dev.sluice.query.model.UserProduct;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Queries to one partition of products, local or remote. Between workers each method is a {@link
 * ProductCall}.
 */
public interface ProductShard {

  @Nullable Product product(String productId);

  /**
   * Returns products by productId, after the given id.
   *
   * @param room approximate maximum size in characters
   */
  PartialList<ProductLine> lines(String after, int max, int room);

  /** All products, in numbers; for a task that works here they are kept, and no product is read. */
  Statistics statistics();

  /**
   * Returns requests by requestId, after the given id.
   *
   * @param room approximate maximum size in characters
   */
  PartialList<AccessRequest> requestsAfter(String productId, String after, int max, int room);

  @Nullable AccessRequest request(String productId, String requestId);

  List<Found> find(String requestId, int max);

  /** Returns the user's approved requests, by requestId, up to the maximum size. */
  PartialList<AccessRequest> approvedOf(String productId, String userId);

  /** Returns the user's SCHEDULED requests, by requestId, up to the maximum size. */
  PartialList<AccessRequest> scheduledOf(String productId, String userId);

  boolean hasApproved(String productId, String userId, Set<String> except);

  /** Returns the user's EXPIRED requests, by their end, up to the maximum size. */
  PartialList<AccessRequest> expiredOf(String productId, String userId, long afterMs);

  /** Returns the user's request that expired last, at or before the given time. */
  @Nullable AccessRequest lastEnded(String productId, String userId, long atMs);

  /** Returns the first products of each kind; an empty type stands for all types of the id. */
  ExplainedProducts candidates(String userId, String sourceId, String sourceType);

  /**
   * Returns the sources that the local ones of these products give to the user, for the first
   * products up to the maximum size.
   *
   * @param productIds at most {@link UserProduct#IDS_MAX}
   * @param after {@code sourceId|sourceType}; an id alone is after all of its types
   * @param max maximum number of sources of each product
   */
  UserProduct.Some givings(String userId, List<String> productIds, String after, int max);

  /**
   * Totals of products. Deleted products count only in their number.
   *
   * @param products how many are in which state
   * @param requests how many requests are in which state
   * @param members memberships: a user counts once for each product
   * @param counting whether the task still counts the products it found at its start, so that the
   *     numbers are too low
   */
  record Statistics(
      Map<ProductState, Long> products,
      Map<RequestState, Long> requests,
      long members,
      boolean counting) {}
}
