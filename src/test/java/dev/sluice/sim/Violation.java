package dev.sluice.sim;

/** An invariant does not hold. */
final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String invariant;

  Violation(String invariant, String message) {
    super(invariant + ": " + message);
    this.invariant = invariant;
  }

  Violation(String invariant, Throwable cause) {
    super(invariant + ", " + cause.getMessage(), cause);
    this.invariant = invariant;
  }

  /** The violated invariant, as {@code I2 alternation}. */
  String invariant() {
    return invariant;
  }

  static void unless(boolean holds, String invariant, String message, Object... values) {
    if (!holds) {
      throw new Violation(invariant, message.formatted(values));
    }
  }

  static void unlessEqual(
      Object actual, Object expected, String invariant, String message, Object... values) {
    if (!actual.equals(expected)) {
      throw new Violation(
          invariant,
          "%s%n  is        %s%n  should be %s"
              .formatted(message.formatted(values), actual, expected));
    }
  }
}
