package dev.sluice.product;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The products that contain a source, or contained the source: the first of each kind, and their
 * number. The result fits into memory for any number of products.
 *
 * @param first some of the products: of each type at least {@link #OF_KIND} that give the source,
 *     as many for which the user has a request, and as many of the others
 * @param count the number of products; a product counts once for each type of the source
 * @param gives whether one of the products gives the source
 * @param types the source's types by name, the first {@link #TYPES_MAX}
 */
public record ExplainedProducts(
    List<ExplainedProduct> first, long count, boolean gives, List<String> types) {
  /** Minimum number of kept products of each type and kind. */
  public static final int OF_KIND = 20;

  /** Maximum number of types. */
  public static final int TYPES_MAX = 100;

  /** Maximum number of products for which none is left out. */
  private static final int ALL_MAX = 300;

  /** Merges the results of several tasks. */
  public static ExplainedProducts all(Collection<ExplainedProducts> parts) {
    return new ExplainedProducts(
        parts.stream()
            .flatMap(part -> part.first().stream())
            .sorted(
                Comparator.comparing(ExplainedProduct::productId)
                    .thenComparing(ExplainedProduct::sourceType))
            .toList(),
        parts.stream().mapToLong(ExplainedProducts::count).sum(),
        parts.stream().anyMatch(ExplainedProducts::gives),
        parts.stream()
            .flatMap(part -> part.types().stream())
            .distinct()
            .sorted()
            .limit(TYPES_MAX)
            .toList());
  }

  /** Kinds of products; some of each kind are kept. */
  private enum Kind {
    GIVES,
    REQUESTED,
    OTHER;

    static Kind of(ExplainedProduct explainedProduct) {
      if (explainedProduct.gives()) {
        return GIVES;
      }
      return explainedProduct.requests().isEmpty() ? OTHER : REQUESTED;
    }
  }

  /** Collects products one after the other and keeps a bounded number. */
  public static final class Taking {
    private final List<ExplainedProduct> first = new ArrayList<>();
    private final Map<String, int[]> kept = new HashMap<>();
    private final TreeSet<String> types = new TreeSet<>();
    private long count;
    private boolean gives;

    public void take(ExplainedProduct explainedProduct) {
      count++;
      gives |= explainedProduct.gives();
      var type = explainedProduct.sourceType();
      if (!type.isEmpty()) {
        types.add(type);
        if (types.size() > TYPES_MAX) {
          types.pollLast();
        }
      }
      var known = kept.get(type);
      if (known == null && kept.size() > TYPES_MAX) {
        return;
      }
      if (known == null) {
        known = new int[Kind.values().length];
        kept.put(type, known);
      }
      var kind = Kind.of(explainedProduct).ordinal();
      if (known[kind] < OF_KIND || first.size() < ALL_MAX) {
        known[kind]++;
        first.add(explainedProduct);
      }
    }

    public ExplainedProducts all() {
      return new ExplainedProducts(List.copyOf(first), count, gives, List.copyOf(types));
    }
  }
}
