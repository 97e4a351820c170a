package dev.sluice.text;

import java.text.Normalizer;

/**
 * Texts of others as they may be shown: in a terminal, in a line of a log, in JSON. What could move
 * the cursor, make a line of its own, turn text around or hide in it is written as an escape like
 * {@code \u001b}.
 *
 * <p>These are escaped: control characters (C0 with line breaks and tabs, DEL, C1), line and
 * paragraph separators, marks and overrides of direction, characters without width, variation
 * selectors, tags, and halves of characters.
 */
public final class Visible {
  private static final int NBSP = 0xA0;
  private static final int BACKSLASH_U_DIGITS = 4;

  private Visible() {}

  /** On one line, with nothing in it that is not seen. A backslash stays what it is. */
  public static String line(String text) {
    return escaped(text, false);
  }

  /** The same, but line feeds stay: for sentences of our own that are several lines. */
  public static String lines(String text) {
    return escaped(text, true);
  }

  /**
   * JSON, as a library wrote it, with the same escapes: in JSON they stand for the same characters,
   * so it means what it meant. Line breaks between fields stay.
   */
  public static String json(String json) {
    return escaped(json, true);
  }

  /**
   * An id or a name in a sentence: in quotes, and cut. What could be taken for something else is
   * escaped besides: blanks but for single spaces inside, characters that no font has, and marks
   * where the text is not in the usual form, NFC.
   *
   * @param shownMax so many characters are shown, 0 or more; the rest is an ellipsis
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

  /** By UTF-16 units, as JSON has it. */
  private static void escape(int point, StringBuilder out) {
    for (char unit : Character.toChars(point)) {
      out.append(String.format("\\u%04x", (int) unit));
    }
  }

  /** Whether it is a space, in whichever script, or breaks the line. */
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

  /** Whether it is not seen, or moves or turns what is around it. */
  public static boolean isHidden(int point) {
    if (point < ' ') {
      return true;
    }
    if (point < 0x7F) {
      return false;
    }
    return point < NBSP
        || switch (Character.getType(point)) {
          // FORMAT: directions, joiners, soft hyphen, byte order mark, tags, and their like.
          case Character.FORMAT,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR,
              Character.SURROGATE ->
              true;
          default -> isWidthless(point);
        };
  }

  /**
   * What is drawn as nothing, or must be, and is neither a format character nor an accent of a
   * script: fillers, joiners, selectors of variants, blanks that are no spaces, and code points
   * that are no characters. Unicode's Default_Ignorable_Code_Point, and a few more.
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
          isIn(point, 0x180B, 0x180F) // selectors of Mongolian variants
              || isIn(point, 0xFE00, 0xFE0F) // selectors of variants
              || isIn(point, 0xFFF0, 0xFFF8)
              || isIn(point, 0xE0000, 0xE0FFF) // tags, and selectors of variants
              || isIn(point, 0xFDD0, 0xFDEF) // no characters
              || (point & 0xFFFE) == 0xFFFE;
    };
  }

  private static boolean isIn(int point, int first, int last) {
    return point >= first && point <= last;
  }
}
