package dev.sluice.executor.platform;

import java.util.regex.Pattern;

/**
 * A name with one gap for an id, such as {@code analytics.{sourceId}}. Different ids give different
 * names.
 *
 * @param before the text before the id
 * @param after the text after the id
 * @param letters what becomes of the case of the id
 */
public record NameTemplate(String before, String after, LetterCase letters) {

  /**
   * Reads a template.
   *
   * @param gap the gap's name, such as {@code sourceId}
   * @throws IllegalArgumentException if the gap is not there exactly once
   */
  public static NameTemplate of(String text, String gap, LetterCase letters) {
    var parts = text.split(Pattern.quote("{" + gap + "}"), -1);
    if (parts.length != 2 || (parts[0] + parts[1]).matches(".*[{}].*")) {
      throw new IllegalArgumentException(
          "\"%s\" must contain {%s} exactly once, and no other braces".formatted(text, gap));
    }
    return new NameTemplate(parts[0], parts[1], letters);
  }

  /** Returns whether an id has a name of its own. */
  boolean allows(String id) {
    return letters.allows(id);
  }

  String name(String id) {
    return before + letters.apply(id) + after;
  }
}
