package dev.sluice.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Makes a failing list shorter: leaves out ever smaller pieces for as long as it fails (delta
 * debugging).
 */
final class Shrinker {

  private Shrinker() {}

  /**
   * A list from which hardly anything can be left out.
   *
   * @param fails whether a list fails; it holds for the one given
   * @param most no longer than this
   */
  static <E> List<E> shrink(List<E> failing, Predicate<List<E>> fails, Duration most) {
    var end = System.nanoTime() + most.toNanos();
    var list = List.copyOf(failing);
    int piece = Math.max(1, list.size() / 2);
    while (true) {
      var shorter = without(list, piece, fails, end);
      if (System.nanoTime() - end >= 0) {
        return shorter;
      }
      if (piece == 1 && shorter.size() == list.size()) {
        return shorter;
      }
      list = shorter;
      piece = Math.max(1, Math.min(piece, list.size()) / 2);
    }
  }

  private static <E> List<E> without(List<E> list, int piece, Predicate<List<E>> fails, long end) {
    var left = list;
    // From the end on: what came after the failure goes first.
    for (int to = list.size(); to > 0 && System.nanoTime() - end < 0; to -= piece) {
      var tried = new ArrayList<>(left.subList(0, Math.max(0, to - piece)));
      tried.addAll(left.subList(to, left.size()));
      if (fails.test(tried)) {
        left = List.copyOf(tried);
      }
    }
    return left;
  }
}
