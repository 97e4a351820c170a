package dev.sluice.dev.bench;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Uncounted rounds before the counted ones, until a time is over. On a small machine, the compiler
 * of the Java virtual machine takes much of the processors' time for about a minute.
 *
 * @param rounds number of rounds
 * @param took from the begin of the first to the end of the last
 */
record WarmUp(int rounds, Duration took) {

  /** One round, which is not counted. */
  interface Round {
    /**
     * Runs the round.
     *
     * @param number from 0
     */
    void run(int number) throws InterruptedException;
  }

  /**
   * Runs rounds until the run's time for warming up is over. A round that has begun is completed.
   *
   * @param name of the measurement
   */
  static WarmUp of(Bench bench, String name, Round round) throws InterruptedException {
    var began = System.nanoTime();
    var rounds = 0;
    if (!bench.warmUp().isZero()) {
      bench.progress().say("%s: warming up for %d s".formatted(name, bench.warmUp().toSeconds()));
    }
    while (System.nanoTime() - began < bench.warmUp().toNanos()) {
      round.run(rounds);
      rounds++;
    }
    var warmUp = new WarmUp(rounds, Duration.ofNanos(System.nanoTime() - began));
    if (rounds > 0) {
      bench
          .progress()
          .say(
              "%s: warmed up for %d s, with %,d uncounted rounds"
                  .formatted(name, warmUp.took.toSeconds(), rounds));
    }
    return warmUp;
  }

  /** Returns the results, by name. */
  Map<String, Object> found() {
    var found = new LinkedHashMap<String, Object>();
    found.put("warmUpSeconds", took.toSeconds());
    found.put("warmUpRounds", (long) rounds);
    return found;
  }
}
