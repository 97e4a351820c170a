package dev.sluice.dev.bench;

import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A product whose many members repeatedly lose and regain all its sources: each event becomes
 * members × sources commands.
 */
final class Sweeps implements AutoCloseable {
  private static final String PRODUCT = "product";

  private final int members;
  private final int sources;
  private final Traffic traffic;
  private final CommittedReader reader;
  private long keySum;
  private boolean active = true;

  /**
   * Creates the product for a running worker or baseline with topics.
   *
   * @param meanwhile throws if it no longer runs
   */
  Sweeps(SluiceConfig config, int members, int sources, Runnable meanwhile) {
    this.members = members;
    this.sources = sources;
    traffic = new Traffic(config);
    reader =
        CommittedReader.atEnd(config, new Topics(config.topicPrefix()).accessCommands(), meanwhile);
  }

  /** Returns the number of commands of one event. */
  long commands() {
    return (long) members * sources;
  }

  /** Publishes the product, approves its members, and waits until all have access. */
  void prepare(Progress progress) {
    List<Integer> numbers = IntStream.range(0, sources).boxed().toList();
    traffic.published(PRODUCT, numbers);
    try (var work = progress.begin("approving members", members)) {
      for (int user = 0; user < members; user++) {
        traffic.approved(PRODUCT, user);
        work.reached(user + 1);
      }
      traffic.flush();
    }
    var tally = new Tally();
    try (var work = progress.begin("settling", commands())) {
      reader.read(commands(), tally, work::reached);
    }
    reader.drain(tally);
    tally.require("the approval of %,d members".formatted(members), commands(), 0);
    keySum = tally.keySum();
  }

  /**
   * Suspends or resumes the product.
   *
   * @return commands per second, from sending the event until the last command is readable
   * @throws BenchException if wrong commands come
   */
  double rate() {
    return rate(record -> {});
  }

  /** Suspends or resumes the product, and keeps some of the commands. */
  double rate(Consumer<ConsumerRecord<byte[], byte[]>> sample) {
    var tally = new Tally();
    var began = System.nanoTime();
    if (active) {
      traffic.suspended(PRODUCT);
    } else {
      traffic.resumed(PRODUCT);
    }
    active = !active;
    var ended = reader.read(commands(), tally.andThen(sample));
    reader.drain(tally);
    tally.require(
        active ? "resuming the product" : "suspending the product",
        active ? commands() : 0,
        active ? 0 : commands());
    if (tally.keySum() != keySum) {
      throw new BenchException(
          "the number of commands is right, but they are not one for each member and source");
    }
    return commands() / ((ended - began) / 1e9);
  }

  @Override
  public void close() {
    traffic.close();
    reader.close();
  }
}
