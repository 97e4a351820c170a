package dev.sluice.dev.bench;

import java.util.Arrays;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Counts commands without decoding them: the action is the first field of an {@code AccessCommand},
 * one byte after the five of the wire format.
 */
final class Tally implements Consumer<ConsumerRecord<byte[], byte[]>> {
  private static final int ACTION_AT = 5;

  private long grants;
  private long revokes;
  private long keySum;

  @Override
  public void accept(ConsumerRecord<byte[], byte[]> command) {
    if (command.value()[ACTION_AT] == 0) {
      grants++;
    } else {
      revokes++;
    }
    keySum += Arrays.hashCode(command.key());
  }

  /** Returns the sum of the hash codes of all keys: equal for the same keys in any order. */
  long keySum() {
    return keySum;
  }

  /**
   * Compares with the expected numbers.
   *
   * @throws BenchException if they differ
   */
  void require(String what, long grantsExpected, long revokesExpected) {
    if (grants != grantsExpected || revokes != revokesExpected) {
      throw new BenchException(
          "%s must give %,d GRANTs and %,d REVOKEs, but %,d and %,d came"
              .formatted(what, grantsExpected, revokesExpected, grants, revokes));
    }
  }
}
