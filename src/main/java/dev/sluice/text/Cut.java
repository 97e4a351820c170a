package dev.sluice.text;

/** Shortens texts from outside, never between the two halves of a character. */
public final class Cut {

  private Cut() {}

  /**
   * Returns a text of limited length, with an ellipsis if it was longer.
   *
   * @param max maximum number of UTF-16 units that stay, at least 1
   */
  public static String to(String text, int max) {
    return text.length() <= max ? text : text.substring(0, end(text, max)) + '…';
  }

  private static int end(String text, int max) {
    return Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max;
  }
}
