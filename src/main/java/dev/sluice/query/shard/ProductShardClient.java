package dev.sluice.query.shard;

import dev.sluice.product.AccessRequest;
import dev.sluice.product.ExplainedProducts;
import dev.sluice.product.Product;
import dev.sluice.product.stage.ProductReader.Found;
import dev.sluice.query.model.ApiModel.ProductLine;
import dev.sluice.query.model.PartialList;
import dev.sluice.query.model.UserProduct;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A shard of products whose methods are calls.
 *
 * @param asker makes the calls
 */
record ProductShardClient(ShardAsker<ProductShard> asker) implements ProductShard {

  @Override
  public @Nullable Product product(String productId) {
    return asker.ask(new ProductCall.ProductById(productId));
  }

  @Override
  public PartialList<ProductLine> lines(String after, int max, int room) {
    return asker.require(new ProductCall.Lines(after, max, room));
  }

  @Override
  public Statistics statistics() {
    return asker.require(new ProductCall.Statistics());
  }

  @Override
  public PartialList<AccessRequest> requestsAfter(
      String productId, String after, int max, int room) {
    return asker.require(new ProductCall.RequestsAfter(productId, after, max, room));
  }

  @Override
  public @Nullable AccessRequest request(String productId, String requestId) {
    return asker.ask(new ProductCall.RequestById(productId, requestId));
  }

  @Override
  public List<Found> find(String requestId, int max) {
    return asker.require(new ProductCall.Find(requestId, max));
  }

  @Override
  public PartialList<AccessRequest> approvedOf(String productId, String userId) {
    return asker.require(new ProductCall.ApprovedOf(productId, userId));
  }

  @Override
  public PartialList<AccessRequest> scheduledOf(String productId, String userId) {
    return asker.require(new ProductCall.ScheduledOf(productId, userId));
  }

  @Override
  public boolean hasApproved(String productId, String userId, Set<String> except) {
    return asker.require(new ProductCall.HasApproved(productId, userId, except));
  }

  @Override
  public PartialList<AccessRequest> expiredOf(String productId, String userId, long afterMs) {
    return asker.require(new ProductCall.ExpiredOf(productId, userId, afterMs));
  }

  @Override
  public @Nullable AccessRequest lastEnded(String productId, String userId, long atMs) {
    return asker.ask(new ProductCall.LastEnded(productId, userId, atMs));
  }

  @Override
  public ExplainedProducts candidates(String userId, String sourceId, String sourceType) {
    return asker.require(new ProductCall.Candidates(userId, sourceId, sourceType));
  }

  @Override
  public UserProduct.Some givings(String userId, List<String> productIds, String after, int max) {
    return asker.require(new ProductCall.Givings(userId, productIds, after, max));
  }
}
