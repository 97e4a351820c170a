package dev.sluice.dev.bench;

import dev.sluice.config.KafkaKeys;
import dev.sluice.config.SluiceConfig;
import dev.sluice.config.WorkerKeys;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Environment of a measurement.
 *
 * @param jvm version and name of the Java virtual machine
 * @param processors number of available processors
 * @param heapBytesMax maximum heap, in bytes
 * @param os name, version and architecture
 * @param settings the worker's settings that affect speed, by key
 */
public record Machine(
    String jvm, int processors, long heapBytesMax, String os, Map<String, Object> settings) {

  /** Returns the environment of this process, with a worker's settings. */
  public static Machine of(SluiceConfig config) {
    var producer = new StreamsConfig(config.streamsConfig()).getProducerConfigs("bench");
    var settings = new LinkedHashMap<String, Object>();
    settings.put("threads", config.get(WorkerKeys.THREADS));
    settings.put("commit.interval.ms", config.get(WorkerKeys.COMMIT_INTERVAL).toMillis());
    settings.put("topic.partitions", config.get(KafkaKeys.TOPIC_PARTITIONS));
    settings.put("access.partitions", config.get(KafkaKeys.ACCESS_PARTITIONS));
    settings.put(
        "state.store",
        config.get(WorkerKeys.STATE_STORE).name().toLowerCase(java.util.Locale.ROOT));
    for (var key :
        new String[] {
          ProducerConfig.COMPRESSION_TYPE_CONFIG,
          ProducerConfig.BATCH_SIZE_CONFIG,
          ProducerConfig.LINGER_MS_CONFIG
        }) {
      settings.put(key, String.valueOf(producer.get(key)));
    }
    var runtime = Runtime.getRuntime();
    return new Machine(
        System.getProperty("java.version") + " " + System.getProperty("java.vm.name"),
        runtime.availableProcessors(),
        runtime.maxMemory(),
        "%s %s %s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch")),
        settings);
  }
}
