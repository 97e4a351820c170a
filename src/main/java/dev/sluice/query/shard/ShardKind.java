package dev.sluice.query.shard;

/** A stage whose tasks can be queried. */
public enum ShardKind {
  /** The product stage, by partitions of product-events. */
  PRODUCTS("products", "products"),
  /** The access stage, by partitions of access-updates. */
  USERS("users", "memberships"),
  /** The delivery stage, by partitions of access-commands. */
  DELIVERIES("deliveries", "outstanding-commands");

  private final String what;
  private final String store;

  ShardKind(String what, String store) {
    this.what = what;
    this.store = store;
  }

  /** Returns the name of the partitions' content. */
  public String what() {
    return what;
  }

  /** Returns the name of a store that each task of the stage has. */
  String store() {
    return store;
  }
}
