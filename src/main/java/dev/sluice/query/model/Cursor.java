package dev.sluice.query.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;

/** Place after the last item of a page: opaque for callers, and valid only for the same list. */
public final class Cursor {

  private Cursor() {}

  /** Returns the cursor after an id. */
  public static String after(String id) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(id.getBytes(UTF_8));
  }

  /**
   * Returns the id of a cursor.
   *
   * @throws IllegalArgumentException if the cursor is invalid
   */
  public static String id(String cursor) {
    return new String(Base64.getUrlDecoder().decode(cursor), UTF_8);
  }
}
