package dev.sluice.query;

import dev.sluice.product.AccessRequest;
import dev.sluice.product.Candidate;
import dev.sluice.product.Product;
import dev.sluice.product.ProductReader.Found;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked of one partition of products, wherever it is. Each method has a name of its
 * own, by which it is called from another instance.
 */
interface ProductPart {

  @Nullable Product product(String productId);

  /** By productId, after that one. */
  List<Product> products(String after, int max);

  /** By requestId, after that one. */
  List<AccessRequest> requests(String productId, String after, int max);

  @Nullable AccessRequest request(String productId, String requestId);

  List<Found> find(String requestId, int max);

  List<AccessRequest> approvedOf(String productId, String userId);

  boolean hasApproved(String productId, String userId, Set<String> except);

  List<AccessRequest> expiredOf(String productId, String userId, long afterMs);

  List<Candidate> candidates(String userId, String sourceId);

  /** Those of the products that are here. */
  List<Giving> givings(String userId, List<String> productIds);
}
