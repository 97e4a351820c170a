package dev.sluice.dev.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Access during query measurements, defined by arithmetic, so that each answer is known. Every user
 * is a member of nine small products and a large one. Small product {@code p} has the sources
 * {@code p} and {@code p+1}, so that two products give each source; the large one has a source of
 * its own.
 *
 * @param users number of users
 * @param products number of small products
 */
record QueryWorld(int users, int products) {

  /** Number of products of each user, including the large one. */
  static final int PRODUCTS_OF_USER = 10;

  /** Approximate number of members of a small product. */
  private static final int MEMBERS = 900;

  private static final int SMALL = PRODUCTS_OF_USER - 1;

  /** Returns a world with approximately the given number of memberships. */
  static QueryWorld of(int memberships) {
    int users = Math.max(PRODUCTS_OF_USER, memberships / PRODUCTS_OF_USER);
    return new QueryWorld(users, Math.max(2 * PRODUCTS_OF_USER, users * SMALL / MEMBERS));
  }

  static String name(int product) {
    return "product-" + product;
  }

  /** Returns the name of the large product. */
  static String large() {
    return "large";
  }

  /** Returns the large product's source. */
  int largeSource() {
    return products;
  }

  List<Integer> sources(int product) {
    return List.of(product, (product + 1) % products);
  }

  /** Returns the small products that give a source. */
  List<Integer> givers(int source) {
    return List.of((source + products - 1) % products, source);
  }

  /** Returns the small products of a user, each once. */
  List<Integer> productsOf(int user) {
    return IntStream.range(0, SMALL).map(i -> product(user, i)).boxed().toList();
  }

  private int product(int user, int i) {
    // Strides that are far apart, and never equal.
    return (int) ((user + (long) i * (products / SMALL)) % products);
  }

  boolean isMember(int user, int product) {
    return productsOf(user).contains(product);
  }

  boolean has(int user, int source) {
    return givers(source).stream().anyMatch(p -> isMember(user, p));
  }

  /** Returns the names of a user's sources, in order; the large product's only if it is active. */
  List<String> sourcesOf(int user, boolean largeToo) {
    var names = new TreeSet<String>();
    productsOf(user).forEach(p -> sources(p).forEach(s -> names.add(Names.source(s))));
    if (largeToo) {
      names.add(Names.source(largeSource()));
    }
    return List.copyOf(names);
  }

  /** Returns the names of a small product's members, in order. */
  List<String> members(int product) {
    var found = new ArrayList<Integer>();
    for (int i = 0; i < SMALL; i++) {
      var first = Math.floorMod(product - (long) i * (products / SMALL), (long) products);
      for (var user = first; user < users; user += products) {
        found.add((int) user);
      }
    }
    return found.stream().sorted().map(user -> Names.user(user)).toList();
  }

  /** Returns the names of the users with access to a source, in order. */
  List<String> holders(int source) {
    var names = new TreeSet<String>();
    givers(source).forEach(p -> names.addAll(members(p)));
    return List.copyOf(names);
  }

  /** Returns the number of pairs that lose access when a small product is suspended. */
  long lost(int product) {
    return sources(product).stream()
        .mapToLong(
            source -> {
              var kept = new ArrayList<>(givers(source));
              kept.remove((Integer) product);
              var others = new TreeSet<>(members(kept.getFirst()));
              return members(product).stream().filter(m -> !others.contains(m)).count();
            })
        .sum();
  }

  long memberships() {
    return (long) users * PRODUCTS_OF_USER;
  }
}
