package dev.sluice.event;

import dev.sluice.limits.SizeLimits;
import dev.sluice.text.Visible;
import org.jspecify.annotations.Nullable;

/**
 * The rules that every id obeys: 1 to 256 characters, no '|', no control characters, and
 * well-formed text.
 */
public final class IdRules {

  /** Maximum number of an id's characters in a message. */
  private static final int SHOWN_MAX = 80;

  private IdRules() {}

  /**
   * Returns a description of the fault of an id; null if it has none.
   *
   * @param name the name of the id's field
   */
  public static @Nullable String problem(String name, String id) {
    if (id.isEmpty()) {
      return name + " is empty";
    }
    if (id.length() > SizeLimits.ID_CHARS) {
      return name
          + " has "
          + id.length()
          + " characters, at most "
          + SizeLimits.ID_CHARS
          + " are allowed";
    }
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      if (c == '|' || Character.isISOControl(c)) {
        return holds(name, id, c, i);
      }
    }
    return malformed(name, id);
  }

  /** Returns that an id has a character that it must not have. */
  public static String holds(String name, String id, int c, int index) {
    return "%s %s holds U+%04X as character %d".formatted(name, quoted(id), c, index + 1);
  }

  /**
   * Returns a description of malformed text. Bytes that are not UTF-8 are read as U+FFFD, so two
   * ids would become one.
   */
  public static @Nullable String malformed(String name, String id) {
    for (int i = 0; i < id.length(); ) {
      int c = id.codePointAt(i);
      if (c == 0xFFFD || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
        return "%s %s is not well-formed text: U+%04X as character %d"
            .formatted(name, quoted(id), c, i + 1);
      }
      i += Character.charCount(c);
    }
    return null;
  }

  /**
   * Returns an id for messages: in quotes, cut to a readable length, with invisible characters
   * escaped.
   */
  public static String quoted(String id) {
    return Visible.quoted(id, SHOWN_MAX);
  }
}
