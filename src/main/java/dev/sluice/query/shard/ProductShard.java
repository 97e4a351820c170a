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
 * What can be asked of one partition of products, wherever it is. Between workers each method is a
 * {@link ProductCall}.
 */
public interface ProductShard {

  @Nullable Product product(String productId);

  /**
   * Lines by productId, after that one.
   *
   * @param room about so many characters
   */
  PartialList<ProductLine> lines(String after, int max, int room);

  /** All products, in numbers; for a task that works here they are kept, and no product is read. */
  Statistics statistics();

  /**
   * Requests by requestId, after that one.
   *
   * @param room about so many characters
   */
  PartialList<AccessRequest> requestsAfter(String productId, String after, int max, int room);

  @Nullable AccessRequest request(String productId, String requestId);

  List<Found> find(String requestId, int max);

  /** The user's approved requests, by requestId: as many as there is room for. */
  PartialList<AccessRequest> approvedOf(String productId, String userId);

  boolean hasApproved(String productId, String userId, Set<String> except);

  /** The user's EXPIRED requests, by their end: as many as there is room for. */
  PartialList<AccessRequest> expiredOf(String productId, String userId, long afterMs);

  /** The user's request that ended by itself last, not after that time. */
  @Nullable AccessRequest lastEnded(String productId, String userId, long atMs);

  /** The first of each kind; an empty type stands for every type that there is of the id. */
  ExplainedProducts candidates(String userId, String sourceId, String sourceType);

  /**
   * What those of the products that are here give the user: of as many of them, in their order, as
   * there is room for.
   *
   * @param productIds {@link UserProduct#IDS_MAX} at most
   * @param after sources after that one, {@code sourceId|sourceType}; an id alone is after all of
   *     its types
   * @param max so many sources of each product
   */
  UserProduct.Some givings(String userId, List<String> productIds, String after, int max);

  /**
   * Products in numbers, deleted ones but for their number left out.
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
