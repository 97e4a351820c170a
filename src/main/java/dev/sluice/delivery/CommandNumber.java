package dev.sluice.delivery;

import java.util.Comparator;

/**
 * The place of a command in the order of all commands of its key: by epoch, then by revision.
 *
 * @param epoch counts how often Sluice began anew
 * @param revision rises strictly within an epoch
 */
public record CommandNumber(int epoch, long revision) implements Comparable<CommandNumber> {
  private static final Comparator<CommandNumber> ORDER =
      Comparator.comparingInt(CommandNumber::epoch).thenComparingLong(CommandNumber::revision);

  @Override
  public int compareTo(CommandNumber other) {
    return ORDER.compare(this, other);
  }
}
