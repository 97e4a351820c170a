package dev.sluice.dev.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The first real commands of a measurement, which the bare producer writes again. */
final class Sample implements Consumer<ConsumerRecord<byte[], byte[]>>, Records {
  private static final int COUNT_MAX = 1000;

  private final List<byte[]> keys = new ArrayList<>();
  private final List<byte[]> values = new ArrayList<>();

  @Override
  public void accept(ConsumerRecord<byte[], byte[]> command) {
    if (keys.size() < COUNT_MAX) {
      keys.add(command.key());
      values.add(command.value());
    }
  }

  @Override
  public byte[] key(long record, long user) {
    var key = keys.get((int) (record % keys.size())).clone();
    Names.putUser(key, user);
    return key;
  }

  @Override
  public byte[] value(long record) {
    return values.get((int) (record % values.size()));
  }

  /** Returns the mean size of a command, key and value together, in bytes before compression. */
  long bytesMean() {
    var sum = 0L;
    for (int i = 0; i < keys.size(); i++) {
      sum += keys.get(i).length + values.get(i).length;
    }
    return keys.isEmpty() ? 0 : sum / keys.size();
  }
}
