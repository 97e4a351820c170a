package dev.sluice.query.shard;

/** A stage whose tasks can be queried. */
public enum ShardKind {
  /** The product stage, by partitions of product-events. */
  PRODUCTS("products"),
  /** The access stage, by partitions of access-updates. */
  USERS("users");

  private final String what;

  ShardKind(String what) {
    this.what = what;
  }

  /** Returns the name of the partitions' content. */
  public String what() {
    return what;
  }
}
