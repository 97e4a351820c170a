package dev.sluice.check;

import java.util.Map;

/** Checks the features that a cluster has enabled. */
final class FeatureVersions {
  /** Feature with which a broker assigns the partitions of Streams applications. */
  private static final String STREAMS = "streams.version";

  private static final String METADATA = "metadata.version";

  private FeatureVersions() {}

  /**
   * Returns the finding about a cluster.
   *
   * @param groupProtocol the setting
   * @param levels levels of the features, by name
   */
  static Finding of(String groupProtocol, Map<String, Short> levels) {
    var what = "kafka features";
    if (levels.isEmpty()) {
      return Finding.warning(
          what,
          "the brokers do not report their features, like those before 3.3",
          "use Kafka 4.0 or later, with which Sluice is tested");
    }
    if (groupProtocol.equals("streams") && levels.getOrDefault(STREAMS, (short) 0) < 1) {
      return Finding.failed(
          what,
          "group.protocol=streams needs Kafka 4.2 or later, and its feature " + STREAMS,
          "kafka-features.sh upgrade --feature " + STREAMS + "=1, or set group.protocol=classic");
    }
    return Finding.ok(
        what,
        "%s %s, group.protocol=%s"
            .formatted(METADATA, levels.getOrDefault(METADATA, (short) 0), groupProtocol));
  }
}
