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

/** The calls of a {@link ProductShard}, one for each of its methods. */
sealed interface ProductCall<R> extends ShardCall<ProductShard, R> {

  record ProductById(String productId) implements ProductCall<Product> {
    @Override
    public @Nullable Product on(ProductShard shard) {
      return shard.product(productId);
    }
  }

  record Lines(String after, int max, int room) implements ProductCall<PartialList<ProductLine>> {
    @Override
    public PartialList<ProductLine> on(ProductShard shard) {
      return shard.lines(after, max, room);
    }
  }

  record Statistics() implements ProductCall<ProductShard.Statistics> {
    @Override
    public ProductShard.Statistics on(ProductShard shard) {
      return shard.statistics();
    }
  }

  record RequestsAfter(String productId, String after, int max, int room)
      implements ProductCall<PartialList<AccessRequest>> {
    @Override
    public PartialList<AccessRequest> on(ProductShard shard) {
      return shard.requestsAfter(productId, after, max, room);
    }
  }

  record RequestById(String productId, String requestId) implements ProductCall<AccessRequest> {
    @Override
    public @Nullable AccessRequest on(ProductShard shard) {
      return shard.request(productId, requestId);
    }
  }

  record Find(String requestId, int max) implements ProductCall<List<Found>> {
    @Override
    public List<Found> on(ProductShard shard) {
      return shard.find(requestId, max);
    }
  }

  record ApprovedOf(String productId, String userId)
      implements ProductCall<PartialList<AccessRequest>> {
    @Override
    public PartialList<AccessRequest> on(ProductShard shard) {
      return shard.approvedOf(productId, userId);
    }
  }

  record ScheduledOf(String productId, String userId)
      implements ProductCall<PartialList<AccessRequest>> {
    @Override
    public PartialList<AccessRequest> on(ProductShard shard) {
      return shard.scheduledOf(productId, userId);
    }
  }

  record HasApproved(String productId, String userId, Set<String> except)
      implements ProductCall<Boolean> {
    @Override
    public Boolean on(ProductShard shard) {
      return shard.hasApproved(productId, userId, except);
    }
  }

  record ExpiredOf(String productId, String userId, long afterMs)
      implements ProductCall<PartialList<AccessRequest>> {
    @Override
    public PartialList<AccessRequest> on(ProductShard shard) {
      return shard.expiredOf(productId, userId, afterMs);
    }
  }

  record LastEnded(String productId, String userId, long atMs)
      implements ProductCall<AccessRequest> {
    @Override
    public @Nullable AccessRequest on(ProductShard shard) {
      return shard.lastEnded(productId, userId, atMs);
    }
  }

  record Candidates(String userId, String sourceId, String sourceType)
      implements ProductCall<ExplainedProducts> {
    @Override
    public ExplainedProducts on(ProductShard shard) {
      return shard.candidates(userId, sourceId, sourceType);
    }
  }

  record Givings(String userId, List<String> productIds, String after, int max)
      implements ProductCall<UserProduct.Some> {
    @Override
    public UserProduct.Some on(ProductShard shard) {
      return shard.givings(userId, productIds, after, max);
    }
  }
}
