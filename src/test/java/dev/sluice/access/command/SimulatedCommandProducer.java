package dev.sluice.access.command;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Takes commands in both ways, as {@link CommandProducer} does, and hands them to a driver's
 * producer in one order. Some commands are refused, and some transactions fail, by a seed.
 */
public final class SimulatedCommandProducer {

  /**
   * Chances of trouble.
   *
   * @param direct whether there is a shorter way at all
   * @param refusesOneOf of so many commands on the shorter way one is not taken; 0 for none
   * @param failsOneOf of so many transactions one fails; 0 for none
   * @param seed of what is random
   */
  public record Trouble(boolean direct, int refusesOneOf, int failsOneOf, long seed) {
    public static final Trouble NONE = new Trouble(true, 0, 0, 0);
  }

  /** One of the first so many commands is refused in a transaction that fails. */
  private static final int FAILS_WITHIN = 12;

  /** A refusal is known after so many more commands on average. */
  private static final int ANSWERED_ONE_OF = 3;

  private final TransactionalDirectSend directSend;
  private final Trouble trouble;
  private final Random random;
  private final CommandTransaction commands = new CommandTransaction();

  /** Taken on the shorter way and not yet with the broker. */
  private final List<ProducerRecord<byte[], byte[]>> batch = new ArrayList<>();

  @SuppressWarnings("NullAway.Init") // over comes first
  private Producer<byte[], byte[]> broker;

  private boolean open;

  /** How many commands come before the one that is refused; below zero for none. */
  private int good;

  private boolean refused;
  private long direct;

  /** The broker gets over it. */
  private boolean recovered;

  /** For one task. */
  public SimulatedCommandProducer(
      String topic, Serializer<Object> serializer, Trouble trouble, int task) {
    directSend = new TransactionalDirectSend(topic, serializer);
    this.trouble = trouble;
    random = new Random(31 * trouble.seed() + task);
  }

  /** The way that the task is given. */
  public DirectSend directSend() {
    return trouble.direct() ? directSend : DirectSend.NONE;
  }

  /** The producer that Streams is given instead of the broker's. */
  @SuppressWarnings("unchecked")
  public Producer<byte[], byte[]> over(Producer<byte[], byte[]> broker) {
    this.broker = broker;
    return (Producer<byte[], byte[]>)
        Proxy.newProxyInstance(
            Producer.class.getClassLoader(),
            new Class<?>[] {Producer.class},
            (proxy, method, arguments) -> {
              switch (method.getName()) {
                case "send":
                  return send(
                      (ProducerRecord<byte[], byte[]>) arguments[0],
                      arguments.length == 1 ? null : (Callback) arguments[1]);
                case "flush":
                  flush();
                  return null;
                default:
                  try {
                    return method.invoke(broker, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
              }
            });
  }

  private Future<RecordMetadata> send(
      ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
    begin();
    if (!record.topic().equals(directSend.topic())) {
      return broker.send(record, callback);
    }
    if (!commands.accept(callback)) {
      return CompletableFuture.failedFuture(new TransactionAbortedException());
    }
    return write(record);
  }

  private Future<RecordMetadata> write(ProducerRecord<byte[], byte[]> command) {
    drain();
    taken();
    return broker.send(command, commands.callback());
  }

  private boolean sendCommand(ProducerRecord<byte[], byte[]> command) {
    if (commands.hasFailed()) {
      return false;
    }
    if (oneOf(trouble.refusesOneOf())) {
      throw new BufferExhaustedException("no room for it");
    }
    batch.add(command);
    direct++;
    taken();
    return true;
  }

  private void drain() {
    batch.forEach(command -> broker.send(command, commands.callback()));
    batch.clear();
  }

  private void taken() {
    refused |= good-- == 0;
    if (refused && oneOf(ANSWERED_ONE_OF)) {
      answer();
    }
  }

  private void answer() {
    commands.callback().onCompletion(null, new InvalidRecordException("refused on purpose"));
  }

  private void flush() {
    drain();
    broker.flush();
    if (refused) {
      answer();
    }
    commands.handOver();
  }

  private boolean oneOf(int many) {
    return many > 0 && random.nextInt(many) == 0;
  }

  private void begin() {
    if (!open) {
      open = true;
      commands.reset();
      good = !recovered && oneOf(trouble.failsOneOf()) ? random.nextInt(FAILS_WITHIN) : -1;
      directSend.begun(this::sendCommand);
    }
  }

  /** How many commands took the shorter way. */
  public long direct() {
    return direct;
  }

  /** Whether the transaction that is open cannot be committed any more. */
  public boolean hasFailed() {
    return refused;
  }

  /** The transaction is committed. */
  public void commit() {
    if (refused) {
      throw new IllegalStateException("a transaction is committed that has failed");
    }
    directSend.ended();
    recovered = false;
    open = false;
  }

  /** The transaction is aborted; there may be none. */
  public void abort() {
    directSend.ended();
    commands.reset();
    batch.clear();
    recovered = refused;
    refused = false;
    open = false;
  }
}
