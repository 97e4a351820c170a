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
 * <p>Streams gives each record a callback of its own that holds the record until the broker has it,
 * notes its offset, which matters for changelogs only, and counts its bytes. For a million commands
 * in flight that is most of the heap and a third of the time. Commands get one callback for all,
 * which remembers a failure; the failure is then handed to Streams by the last command's own
 * callback, with the next command that Streams sends or at the flush before the commit; and the
 * transaction cannot be committed after it in any case.
 */
final class CommandProducer extends KafkaProducer<byte[], byte[]> {
  private final TransactionalDirectSend directSend;
  private final TransactionStatistics transactionStatistics;
  // Of the transaction that is open; the thread that owns the producer alone asks.
  private long records;
  private long firstNs;

  private Remember remember = new Remember();

  /** What Streams gave with the last command. */
  private @Nullable Callback last;

  /** The callback of one transaction's commands. */
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
   * With Streams' own settings for it.
   *
   * @param directSend is given the way into each transaction
   * @param transactionStatistics is told of each
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
   * Sends a command without Streams' knowing, into the transaction that it has begun.
   *
   * @return false when the transaction has failed, of which Streams is yet to hear
   */
  @SuppressWarnings("FutureReturnValueIgnored") // the callback says it
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
   * Asked where Streams shares out records itself.
   *
   * @throws KafkaException also where there was no answer in time. Of a TimeoutException Streams
   *     takes just this task for corrupted and commits the thread's others, with the one producer
   *     of them all: what this task had written would be committed and its place in the input not.
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

  /** Tells Streams of a failure, if there was one, by a callback that it gave. */
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
    // Streams goes on with the same producer after an abort, which fails what was under way.
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
    // What was under way has failed by this, and is nobody's business any more.
    remember = new Remember();
    last = null;
  }
}
