package dev.sluice.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;

/** Runs a topology, or one stage of it, without a broker. */
public final class StageDriver {
  private StageDriver() {}

  /**
   * Starts a driver whose state is in a folder of its own.
   *
   * @param applicationId prefix of the names of internal topics
   * @param clock time of the driver at its start
   */
  public static TopologyTestDriver start(String applicationId, Topology topology, Instant clock) {
    Path folder;
    try {
      folder = Files.createTempDirectory(TestFolders.ofThisProcess(), applicationId + "-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
    return new TopologyTestDriver(topology, properties, clock);
  }
}
