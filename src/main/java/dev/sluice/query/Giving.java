package dev.sluice.query;

import dev.sluice.product.AccessRequest;
import dev.sluice.product.Product;
import java.util.List;

/**
 * A product, and a user's approved requests for it.
 *
 * @param approved by requestId
 */
record Giving(Product product, List<AccessRequest> approved) {}
