package dev.sluice.access.command;

import dev.sluice.streams.TransactionStatistics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A stream thread's producer that keeps nothing of a command once its bytes are in a batch.
 *
 * <p>Streams gives each record its own callback. The callback holds the record until the broker has
 * it, notes its offset, which matters only for changelogs, and counts its bytes. For a million
 * commands in flight, callbacks take most of the heap and a third of the time. Here all commands
 * share one callback, which remembers a failure. The failure is passed to Streams by the last
 * command's own callback, with the next command that Streams sends or at the flush before the
 * commit. The transaction cannot be committed after a failure in any case.
 */
final class CommandProducer extends KafkaProducer<byte[], byte[]> {
  private final TransactionalDirectSend directSend;
  private final TransactionStatistics transactionStatistics;
  // Count of the open transaction; used only by the thread that owns the producer.
  private long records;
  private long firstNs;

  private Remember remember = new Remember();

  /** Streams' callback for the last command. */
  private @Nullable Callback last;

  /** The shared callback of one transaction's commands. */
  private static final class Remember implements Callback {
    private volatile @Nullable Exception failure;

    @Override
    public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception exception) {
      if (exception != null) {
        failure = exception;
      }
    }
  }

  /**
   * Creates a producer with Streams' own settings.
   *
   * @param directSend is given access to each transaction
   * @param transactionStatistics is notified of each transaction
   */
  CommandProducer(
      Map<String, Object> config,
      TransactionalDirectSend directSend,
      TransactionStatistics transactionStatistics) {
    super(config, new ByteArraySerializer(), new ByteArraySerializer());
    this.directSend = directSend;
    this.transactionStatistics = transactionStatistics;
  }

  @Override
  public Future<RecordMetadata> send(
      ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
    count();
    if (!record.topic().equals(directSend.topic())) {
      return super.send(record, callback);
    }
    last = callback;
    if (handOver()) {
      return CompletableFuture.failedFuture(new TransactionAbortedException());
    }
    return super.send(record, remember);
  }

  /**
   * Sends a command directly into the open transaction, without Streams.
   *
   * @return false if the transaction has failed; Streams gets the failure with its next call
   */
  @SuppressWarnings("FutureReturnValueIgnored") // the callback reports the failure
  boolean sendCommand(ProducerRecord<byte[], byte[]> command) {
    if (remember.failure != null) {
      return false;
    }
    count();
    super.send(command, remember);
    return true;
  }

  private void count() {
    if (records++ == 0) {
      firstNs = System.nanoTime();
    }
  }

  /**
   * Called where Streams assigns partitions itself.
   *
   * @throws KafkaException also if there was no answer in time. Streams turns a TimeoutException
   *     into a TaskCorruptedException for this task and then commits the other tasks. They share
   *     one producer, so this task's writes would be committed without its offsets.
   */
  @Override
  public List<PartitionInfo> partitionsFor(String topic) {
    try {
      return super.partitionsFor(topic);
    } catch (TimeoutException e) {
      throw new KafkaException("no answer about the partitions of " + topic, e);
    }
  }

  @Override
  public void flush() {
    super.flush();
    handOver();
  }

  /** Passes a failure, if any, to Streams through one of its callbacks. */
  private boolean handOver() {
    var failed = remember.failure;
    var callback = last;
    if (failed == null || callback == null) {
      return false;
    }
    callback.onCompletion(null, failed);
    return true;
  }

  @Override
  public void beginTransaction() {
    super.beginTransaction();
    // Streams continues with the same producer after an abort, which fails the records in flight.
    remember = new Remember();
    last = null;
    records = 0;
    directSend.begun(this);
  }

  @Override
  public void commitTransaction() {
    directSend.ended();
    super.commitTransaction();
    if (records > 0) {
      var length = Duration.ofNanos(System.nanoTime() - firstNs);
      transactionStatistics.committed(new TransactionStatistics.Transaction(records, length));
    }
    records = 0;
  }

  @Override
  public void abortTransaction() {
    directSend.ended();
    records = 0;
    transactionStatistics.aborted();
    super.abortTransaction();
    // The abort failed the records in flight; their failures no longer matter.
    remember = new Remember();
    last = null;
  }
}
