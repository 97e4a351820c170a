package dev.sluice.delivery;

import dev.sluice.update.SourceRef;

/**
 * A command, as far as delivery needs it.
 *
 * @param userId whose access
 * @param source to which source
 * @param number its place among the commands of the same user and source
 * @param productId the product through which the access was gained or lost
 * @param reason the reason's name in the contract
 * @param commandedAtMs the time of its record, in milliseconds since the epoch; 0 or above
 */
public record Command(
    String userId,
    SourceRef source,
    CommandAction action,
    CommandNumber number,
    String productId,
    String reason,
    long commandedAtMs) {

  /** Returns the key of its record. */
  public String key() {
    return key(userId, source);
  }

  /** Returns the key of the commands of a user and source. */
  public static String key(String userId, SourceRef source) {
    return userId + '|' + source.sourceType() + '|' + source.sourceId();
  }
}
