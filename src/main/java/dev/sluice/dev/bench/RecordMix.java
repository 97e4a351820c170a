package dev.sluice.dev.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A uniform sample of records of several topics, so that each topic and each size has its share;
 * and the number of records of each topic.
 */
final class RecordMix implements Consumer<ConsumerRecord<byte[], byte[]>>, Records {
  private static final int COUNT_MAX = 5000;

  private final String prefix;
  private final Random random = new Random(1);
  private final List<ConsumerRecord<byte[], byte[]>> sample = new ArrayList<>();
  private final Map<String, Long> counts = new TreeMap<>();
  private long count;
  private long bytes;

  /** Creates an empty sample of topics with a common prefix, which is left out of the counts. */
  RecordMix(String prefix) {
    this.prefix = prefix;
  }

  @Override
  public void accept(ConsumerRecord<byte[], byte[]> record) {
    counts.merge(record.topic().substring(prefix.length()), 1L, Long::sum);
    count++;
    bytes += length(record.key()) + length(record.value());
    if (sample.size() < COUNT_MAX) {
      sample.add(record);
    } else {
      var place = random.nextLong(count);
      if (place < COUNT_MAX) {
        sample.set((int) place, record);
      }
    }
  }

  private static int length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  @Override
  public byte[] key(long record, long user) {
    return sample.get((int) (record % sample.size())).key();
  }

  @Override
  public byte @Nullable [] value(long record) {
    return sample.get((int) (record % sample.size())).value();
  }

  /** Returns the mean size of a record, key and value together, in bytes before compression. */
  long bytesMean() {
    return count == 0 ? 0 : bytes / count;
  }

  /** Returns the number of records of each topic, divided by a number. */
  Map<String, Double> countsPer(long units) {
    var per = new TreeMap<String, Double>();
    counts.forEach((topic, records) -> per.put(topic, (double) records / units));
    return per;
  }
}
