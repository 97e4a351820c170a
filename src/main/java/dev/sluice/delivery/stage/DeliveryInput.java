package dev.sluice.delivery.stage;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.AccessResult;
import dev.sluice.contract.Topics;
import dev.sluice.delivery.Command;
import dev.sluice.delivery.CountedResult;
import dev.sluice.delivery.Result;
import dev.sluice.delivery.stage.DeliveryObserver.IgnoredCommand;
import dev.sluice.event.IdRules;
import dev.sluice.event.codec.EventReader.UnreadableEventException;
import dev.sluice.event.codec.RecordDecoder;
import dev.sluice.event.codec.UnknownSchemaWait;
import dev.sluice.keys.EventPartitioner;
import dev.sluice.update.SourceRef;
import java.util.Arrays;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Reads commands and results from the bytes on their topics. Anybody may write there by mistake, so
 * nothing is believed: the key must be made of the value's user and source, and hash to the
 * record's partition. For one task's thread.
 */
final class DeliveryInput implements AutoCloseable {
  private static final String SAME_KEY =
      "Write the record with the key of the command, byte for byte: userId|sourceType|sourceId in"
          + " UTF-8, as in its value.";

  private final RecordDecoder commands;
  private final RecordDecoder results;
  private final IntSupplier partitions;

  /**
   * Creates the input of one task.
   *
   * @param deserializer makes a deserializer to generated records
   * @param partitions returns the number of partitions of the topic of commands
   */
  DeliveryInput(
      Topics topics,
      Supplier<Deserializer<?>> deserializer,
      UnknownSchemaWait unknownSchemas,
      IntSupplier partitions) {
    this.partitions = partitions;
    commands =
        new RecordDecoder(
            "AccessCommand", deserializer.get(), topics.accessCommands(), unknownSchemas);
    results =
        new RecordDecoder(
            "AccessResult", deserializer.get(), topics.accessResults(), unknownSchemas);
  }

  /** A record that changes nothing; the message has the remedy. */
  static final class FaultyRecordException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The kinds of fault. */
    enum Fault {
      NO_VALUE(CountedResult.UNREADABLE, IgnoredCommand.NO_VALUE),
      UNREADABLE(CountedResult.UNREADABLE, IgnoredCommand.UNREADABLE),
      KEY_MISMATCH(CountedResult.KEY_MISMATCH, IgnoredCommand.KEY_MISMATCH),
      WRONG_PARTITION(CountedResult.WRONG_PARTITION, IgnoredCommand.WRONG_PARTITION);

      private final CountedResult result;
      private final IgnoredCommand command;

      Fault(CountedResult result, IgnoredCommand command) {
        this.result = result;
        this.command = command;
      }

      CountedResult ofResult() {
        return result;
      }

      IgnoredCommand ofCommand() {
        return command;
      }
    }

    private final Fault fault;

    FaultyRecordException(Fault fault, String message, String remedy) {
      super(message + ". " + remedy);
      this.fault = fault;
    }

    Fault fault() {
      return fault;
    }
  }

  /**
   * Reads a command.
   *
   * @throws FaultyRecordException if the record is no command of this partition
   * @throws RuntimeException if it cannot be read now
   */
  Command command(Record<byte[], byte[]> input, int partition) throws FaultyRecordException {
    if (input.value() == null) {
      throw new FaultyRecordException(
          FaultyRecordException.Fault.NO_VALUE,
          "the record has no value",
          "A tombstone in this topic takes no command back: an outstanding one stays until a"
              + " result APPLIED, or a newer command.");
    }
    AccessCommand avro;
    try {
      avro = commands.read(input.headers(), input.value(), AccessCommand.class);
    } catch (UnreadableEventException e) {
      throw unreadable(e);
    }
    var command = DeliveryAvro.fromAvro(avro, input.timestamp());
    require(input.key(), command.key(), command.userId(), command.source(), partition);
    return command;
  }

  /**
   * Reads a result.
   *
   * @throws FaultyRecordException if the record is no result of this partition
   * @throws RuntimeException if it cannot be read now
   */
  Result result(Record<byte[], byte[]> input, int partition) throws FaultyRecordException {
    if (input.value() == null) {
      throw new FaultyRecordException(
          FaultyRecordException.Fault.NO_VALUE,
          "the record has no value",
          "Send an AccessResult as the value; a result cannot be taken back, only followed by"
              + " another.");
    }
    AccessResult avro;
    try {
      avro = results.read(input.headers(), input.value(), AccessResult.class);
    } catch (UnreadableEventException e) {
      throw unreadable(e);
    }
    var result = DeliveryAvro.fromAvro(avro);
    require(input.key(), result.key(), result.userId(), result.source(), partition);
    return result;
  }

  private static FaultyRecordException unreadable(UnreadableEventException e) {
    return new FaultyRecordException(
        FaultyRecordException.Fault.UNREADABLE, String.valueOf(e.getMessage()), e.remedy());
  }

  private void require(
      byte @Nullable [] key, String expected, String userId, SourceRef source, int partition)
      throws FaultyRecordException {
    var id = problem(userId, source);
    if (id != null) {
      throw new FaultyRecordException(
          FaultyRecordException.Fault.UNREADABLE, id, "Write the ids as they are in the command.");
    }
    var bytes = expected.getBytes(UTF_8);
    if (!Arrays.equals(key, bytes)) {
      throw new FaultyRecordException(
          FaultyRecordException.Fault.KEY_MISMATCH,
          key == null
              ? "the record has no key"
              : "the key is %s, but the value is about %s"
                  .formatted(IdRules.quoted(new String(key, UTF_8)), IdRules.quoted(expected)),
          SAME_KEY);
    }
    var count = partitions.getAsInt();
    var right = EventPartitioner.MURMUR2.partition(bytes, count);
    if (right != partition) {
      throw new FaultyRecordException(
          FaultyRecordException.Fault.WRONG_PARTITION,
          "partition %d of %d is not that of the command, which is %d"
              .formatted(partition, count, right),
          "Write the result to the partition in which the command was read. Or set the producer's"
              + " partitioner: librdkafka's clients (Python, Go, .NET) take partitioner="
              + EventPartitioner.MURMUR2.librdkafka()
              + ", Java's clients have it by default.");
    }
  }

  private static @Nullable String problem(String userId, SourceRef source) {
    var ofUser = IdRules.problem("userId", userId);
    if (ofUser != null) {
      return ofUser;
    }
    var ofType = IdRules.problem("sourceType", source.sourceType());
    return ofType == null ? IdRules.problem("sourceId", source.sourceId()) : ofType;
  }

  @Override
  public void close() {
    commands.close();
    results.close();
  }
}
