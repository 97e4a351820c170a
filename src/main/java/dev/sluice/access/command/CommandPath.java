package dev.sluice.access.command;

import dev.sluice.streams.TransactionStatistics;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * The path of one worker's commands to the broker.
 *
 * @param directSend the shorter way for commands; {@link DirectSend#NONE} where all go through
 *     Streams' sink
 * @param clients makes the clients that Streams works with
 */
public record CommandPath(DirectSend directSend, KafkaClientSupplier clients) {

  /**
   * Makes the path as commands.direct.send has it.
   *
   * @param direct whether commands may pass Streams' nodes and callbacks by
   * @param topic the topic of commands
   * @param serializer the one that the commands' sink has too
   * @param transactions is told of each transaction, in either way
   */
  public static CommandPath of(
      boolean direct,
      String topic,
      Serializer<Object> serializer,
      TransactionStatistics transactions) {
    if (!direct) {
      return new CommandPath(
          DirectSend.NONE,
          new StreamsClientSupplier(config -> new MeasuredProducer(config, transactions)));
    }
    var directSend = new TransactionalDirectSend(topic, serializer);
    return new CommandPath(
        directSend,
        new StreamsClientSupplier(config -> new CommandProducer(config, directSend, transactions)));
  }
}
