package dev.sluice.text;

import java.text.Normalizer;

/**
 * Makes texts from outside safe for a terminal, a line of a log, or JSON. Characters that move the
 * cursor, break the line, change the direction of text or are invisible become an escape like
 * {@code \u001b}.
 *
 * <p>These are escaped: control characters (C0 with line breaks and tabs, DEL, C1), line and
 * paragraph separators, marks and overrides of direction, characters without width, variation
 * selectors, tags, and lone surrogates.
 */
public final class Visible {
  private static final int NBSP = 0xA0;
  private static final int BACKSLASH_U_DIGITS = 4;

  private Visible() {}

  /** Returns the text as one line without invisible characters. A backslash stays unchanged. */
  public static String line(String text) {
    return escaped(text, false);
  }

  /**
   * Returns the text with the same escapes except line feeds: for Sluice's own texts of several
   * lines.
   */
  public static String lines(String text) {
    return escaped(text, true);
  }

  /**
   * Escapes a library's JSON output in the same way. In JSON the escapes stand for the same
   * characters, so the meaning stays. Line breaks between fields stay.
   */
  public static String json(String json) {
    return escaped(json, true);
  }

  /**
   * Returns an id or a name for a sentence: in quotes, and cut. Escapes ambiguous characters too:
   * blanks except single spaces inside, characters that no font has, and combining marks if the
   * text is not in the usual form, NFC.
   *
   * @param shownMax maximum number of characters, 0 or more; an ellipsis replaces the rest
   */
  public static String quoted(String text, int shownMax) {
    var points = text.codePoints().limit(shownMax + 1L).toArray();
    var shown = Math.min(points.length, shownMax);
    var usual = Normalizer.isNormalized(new String(points, 0, shown), Normalizer.Form.NFC);
    var out = new StringBuilder("\"");
    for (int i = 0; i < shown; i++) {
      int point = points[i];
      var inside = i > 0 && i < points.length - 1 && points[i - 1] != ' ' && points[i + 1] != ' ';
      if (isHidden(point)
          || (isBlank(point) && !(point == ' ' && inside))
          || isUnknown(point)
          || (!usual && isMark(point))) {
        escape(point, out);
      } else {
        out.appendCodePoint(point);
      }
    }
    return out.append(points.length > shownMax ? "…\"" : "\"").toString();
  }

  private static String escaped(String text, boolean keepsLineFeeds) {
    StringBuilder out = null;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      int end = i + Character.charCount(point);
      boolean shown = keepsLineFeeds && point == '\n' || !isHidden(point);
      if (!shown && out == null) {
        out = new StringBuilder(text.length() + 2 * BACKSLASH_U_DIGITS).append(text, 0, i);
      }
      if (out != null) {
        if (shown) {
          out.appendCodePoint(point);
        } else {
          escape(point, out);
        }
      }
      i = end;
    }
    return out == null ? text : out.toString();
  }

  /** Writes one escape for each UTF-16 unit, as in JSON. */
  private static void escape(int point, StringBuilder out) {
    for (char unit : Character.toChars(point)) {
      out.append(String.format("\\u%04x", (int) unit));
    }
  }

  /** Returns whether a character is a space of any script, or breaks the line. */
  public static boolean isBlank(int point) {
    return Character.isWhitespace(point) || Character.isSpaceChar(point);
  }

  private static boolean isUnknown(int point) {
    return switch (Character.getType(point)) {
      case Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED -> true;
      default -> point == 0xFFFD;
    };
  }

  private static boolean isMark(int point) {
    return switch (Character.getType(point)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
          true;
      default -> false;
    };
  }

  /**
   * Returns whether a character is invisible, or changes the place or direction of its neighbours.
   */
  public static boolean isHidden(int point) {
    if (point < ' ') {
      return true;
    }
    if (point < 0x7F) {
      return false;
    }
    return point < NBSP
        || switch (Character.getType(point)) {
          // FORMAT: directions, joiners, soft hyphen, byte order mark, tags, and similar ones
          case Character.FORMAT,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR,
              Character.SURROGATE ->
              true;
          default -> isWidthless(point);
        };
  }

  /**
   * Returns whether a character is drawn as nothing, although it is neither a format character nor
   * an accent: fillers, joiners, variation selectors, blanks that are not spaces, and
   * noncharacters. These are Unicode's Default_Ignorable_Code_Point, and a few more.
   */
  private static boolean isWidthless(int point) {
    return switch (point) {
      case 0x034F, // combining grapheme joiner
          0x115F, // Hangul fillers
          0x1160,
          0x3164,
          0xFFA0,
          0x17B4, // Khmer inherent vowels
          0x17B5,
          0x2065,
          0x2800, // Braille blank
          0x13440, // modifier of Egyptian hieroglyphs
          0x16FE4, // Khitan filler
          0x1D159 -> // null notehead
          true;
      default ->
          isIn(point, 0x180B, 0x180F) // Mongolian variation selectors
              || isIn(point, 0xFE00, 0xFE0F) // variation selectors
              || isIn(point, 0xFFF0, 0xFFF8)
              || isIn(point, 0xE0000, 0xE0FFF) // tags, and variation selectors
              || isIn(point, 0xFDD0, 0xFDEF) // noncharacters
              || (point & 0xFFFE) == 0xFFFE;
    };
  }

  private static boolean isIn(int point, int first, int last) {
    return point >= first && point <= last;
  }
}
