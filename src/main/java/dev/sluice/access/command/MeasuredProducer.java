package dev.sluice.access.command;

import dev.sluice.streams.TransactionStatistics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A stream thread's producer that counts the records of its transactions. */
class MeasuredProducer extends KafkaProducer<byte[], byte[]> {
  private final TransactionStatistics transactionStatistics;
  // Of the transaction that is open; the thread that owns the producer alone asks.
  private long records;
  private long firstNs;

  /**
   * Makes a producer with Streams' own settings for it.
   *
   * @param transactionStatistics is told of each transaction
   */
  MeasuredProducer(Map<String, Object> config, TransactionStatistics transactionStatistics) {
    super(config, new ByteArraySerializer(), new ByteArraySerializer());
    this.transactionStatistics = transactionStatistics;
  }

  @Override
  public Future<RecordMetadata> send(
      ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
    if (records++ == 0) {
      firstNs = System.nanoTime();
    }
    return super.send(record, callback);
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
  public void beginTransaction() {
    super.beginTransaction();
    records = 0;
  }

  @Override
  public void commitTransaction() {
    super.commitTransaction();
    if (records > 0) {
      var length = Duration.ofNanos(System.nanoTime() - firstNs);
      transactionStatistics.committed(new TransactionStatistics.Transaction(records, length));
    }
    records = 0;
  }

  @Override
  public void abortTransaction() {
    records = 0;
    transactionStatistics.aborted();
    super.abortTransaction();
  }
}
