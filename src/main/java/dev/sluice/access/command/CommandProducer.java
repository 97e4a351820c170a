package dev.sluice.access.command;

import dev.sluice.streams.TransactionStatistics;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TransactionAbortedException;
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
final class CommandProducer extends MeasuredProducer {
  private final TransactionalDirectSend directSend;
  private final CommandTransaction commands = new CommandTransaction();

  /**
   * Makes a producer with Streams' own settings for it.
   *
   * @param directSend is given the way into each transaction
   * @param transactionStatistics is told of each transaction
   */
  CommandProducer(
      Map<String, Object> config,
      TransactionalDirectSend directSend,
      TransactionStatistics transactionStatistics) {
    super(config, transactionStatistics);
    this.directSend = directSend;
  }

  @Override
  public Future<RecordMetadata> send(
      ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
    if (!record.topic().equals(directSend.topic())) {
      return super.send(record, callback);
    }
    if (!commands.accept(callback)) {
      return CompletableFuture.failedFuture(new TransactionAbortedException());
    }
    return super.send(record, commands.callback());
  }

  /**
   * Sends a command directly into the open transaction, without Streams.
   *
   * @return false if the transaction has failed; Streams gets the failure with its next call
   */
  @SuppressWarnings("FutureReturnValueIgnored") // the callback says it
  private boolean sendCommand(ProducerRecord<byte[], byte[]> command) {
    if (commands.hasFailed()) {
      return false;
    }
    super.send(command, commands.callback());
    return true;
  }

  @Override
  public void flush() {
    super.flush();
    commands.handOver();
  }

  @Override
  public void beginTransaction() {
    super.beginTransaction();
    // Streams goes on with the same producer after an abort, which fails what was under way.
    commands.reset();
    directSend.begun(this::sendCommand);
  }

  @Override
  public void commitTransaction() {
    directSend.ended();
    super.commitTransaction();
  }

  @Override
  public void abortTransaction() {
    directSend.ended();
    super.abortTransaction();
    // The abort failed the records in flight; their failures no longer matter.
    commands.reset();
  }
}
