package dev.sluice.dev.bench;

import dev.sluice.config.SluiceConfig;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/** Reads all that a worker writes while it works. */
final class MixReading {

  /** Work of the worker, which is not measured. */
  interface Work {
    void run() throws InterruptedException;
  }

  private MixReading() {}

  /**
   * Lets a worker work, and returns a sample of all the records that it wrote for it. It reads
   * meanwhile, not afterwards, since Streams deletes records of a repartition topic soon.
   *
   * @param records counter of the worker
   */
  static RecordMix during(SluiceConfig config, WrittenRecords records, Work work)
      throws InterruptedException {
    records.settled();
    var mix = new RecordMix(config.topicPrefix());
    var written = new AtomicBoolean();
    try (var reader = CommittedReader.atEnd(config, WorkerTopics.written(config), () -> {});
        var thread = Executors.newSingleThreadExecutor()) {
      var reading =
          thread.submit(
              () -> {
                while (!written.get()) {
                  reader.poll().forEach(mix);
                }
                reader.drain(mix);
              });
      try {
        work.run();
        records.settled();
      } finally {
        written.set(true);
      }
      reading.get();
    } catch (ExecutionException e) {
      throw new BenchException("the worker's records could not be read: " + e.getCause(), e);
    }
    return mix;
  }
}
