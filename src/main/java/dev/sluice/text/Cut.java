package dev.sluice.text;

/** Texts of others, shortened: never between the two halves of a character. */
public final class Cut {

  private Cut() {}

  /**
   * A text of so many characters at most, and an ellipsis where it had more.
   *
   * @param max how many UTF-16 units stay, at least 1
   */
  public static String to(String text, int max) {
    return text.length() <= max ? text : text.substring(0, end(text, max)) + '…';
  }

  private static int end(String text, int max) {
    return Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max;
  }
}
