package dev.sluice.query.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;

/** Where a page of a list ended: opaque to who gets it, and good for the same list alone. */
public final class Cursor {

  private Cursor() {}

  /** After that id. */
  public static String after(String id) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(id.getBytes(UTF_8));
  }

  /**
   * The id that it is after.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static String id(String cursor) {
    return new String(Base64.getUrlDecoder().decode(cursor), UTF_8);
  }
}
