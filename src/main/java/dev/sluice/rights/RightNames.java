package dev.sluice.rights;

import dev.sluice.config.SluiceConfig;

/**
 * Values of the placeholders in {@link Right}s.
 *
 * @param prefix the setting topic.prefix
 * @param applicationId the setting application.id
 * @param consumerGroup a grant consumer's group
 */
public record RightNames(String prefix, String applicationId, String consumerGroup) {

  /** Returns the names of a configuration. */
  public static RightNames of(SluiceConfig config, String consumerGroup) {
    return new RightNames(config.topicPrefix(), config.applicationId(), consumerGroup);
  }

  String in(String pattern) {
    return pattern
        .replace(Right.PREFIX, prefix)
        .replace(Right.APPLICATION, applicationId)
        .replace(Right.GROUP, consumerGroup);
  }
}
