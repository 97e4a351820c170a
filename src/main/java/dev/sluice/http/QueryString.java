package dev.sluice.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;

/** The query part of a request's URL. */
final class QueryString {
  private static final int HEX = 16;

  private QueryString() {}

  /**
   * Returns whether the query is percent-encoded UTF-8; otherwise a decoded id could differ from
   * the intended one.
   */
  static boolean isEncoded(@Nullable String query) {
    if (query == null) {
      return true;
    }
    var bytes = new ByteArrayOutputStream();
    int at = 0;
    while (at < query.length()) {
      int code = query.codePointAt(at);
      if (code == '%') {
        if (at + 2 >= query.length()) {
          return false;
        }
        int high = Character.digit(query.charAt(at + 1), HEX);
        int low = Character.digit(query.charAt(at + 2), HEX);
        if (high < 0 || low < 0) {
          return false;
        }
        bytes.write(high * HEX + low);
        at += 3;
      } else {
        bytes.writeBytes(Character.toString(code).getBytes(UTF_8));
        at += Character.charCount(code);
      }
    }
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray()));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
