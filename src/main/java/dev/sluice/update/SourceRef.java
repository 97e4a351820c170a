package dev.sluice.update;

/**
 * Reference to a data source. The same id with two types is two sources. Both parts are compared
 * literally; the order is by id, then by type.
 *
 * @param sourceId identifies the source in its platform
 * @param sourceType the platform that holds the source, such as Snowflake
 */
public record SourceRef(String sourceId, String sourceType) implements Comparable<SourceRef> {

  @Override
  public int compareTo(SourceRef other) {
    var byId = sourceId.compareTo(other.sourceId);
    return byId != 0 ? byId : sourceType.compareTo(other.sourceType);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SourceRef source
        && sourceId.equals(source.sourceId)
        && sourceType.equals(source.sourceType);
  }

  /** Strings cache their hashes, so this costs next to nothing. */
  @Override
  public int hashCode() {
    return 31 * sourceId.hashCode() + sourceType.hashCode();
  }

  /** Returns a text for people: {@code orders (Snowflake)}. */
  @Override
  public String toString() {
    return sourceId + " (" + sourceType + ")";
  }
}
