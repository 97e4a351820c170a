package dev.sluice.executor.platform;

import java.util.Locale;

/** How the case of an id becomes the case of a name. */
public enum LetterCase {
  /** As it is. */
  EXACT,
  /** In upper case; only ids in lower case, since two ids must not become one name. */
  UPPER,
  /** In lower case; only ids in upper case. */
  LOWER;

  /** Returns the name. */
  String apply(String id) {
    return switch (this) {
      case EXACT -> id;
      case UPPER -> id.toUpperCase(Locale.ROOT);
      case LOWER -> id.toLowerCase(Locale.ROOT);
    };
  }

  /** Returns whether no other id that is allowed becomes the same name. */
  boolean allows(String id) {
    return switch (this) {
      case EXACT -> true;
      case UPPER -> id.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT).equals(id);
      case LOWER -> id.toLowerCase(Locale.ROOT).toUpperCase(Locale.ROOT).equals(id);
    };
  }
}
