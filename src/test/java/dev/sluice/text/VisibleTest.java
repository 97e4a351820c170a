package dev.sluice.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VisibleTest {
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  /** ESC, BEL, line breaks, C1, separators, directions, without width, byte order mark, tags. */
  private static final int[] HIDDEN = {
    0x00, 0x07, 0x08, 0x09, 0x0A, 0x0D, 0x1B, 0x7F, 0x80, 0x85, 0x9B, 0x9F, 0xAD, 0x61C, 0x180E,
    0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E,
    0x2060, 0x2065, 0x2066, 0x2067, 0x2068, 0x2069, 0x2800, 0x3164, 0xFDD0, 0xFE0F, 0xFEFF, 0xFFFF,
    0xD800, 0xDFFF, 0xE0000, 0xE0001, 0xE0041, 0xE0100, 0x16FE4
  };

  @Test
  void shouldShowEveryHiddenCharacterAsAnEscapeOfWhatItWas() {
    assertThat(Visible.line("a\u001b]0;x\u0007\nb\u202ec\u200b"))
        .isEqualTo("a\\u001b]0;x\\u0007\\u000ab\\u202ec\\u200b");
    assertThat(IntStream.of(HIDDEN).boxed())
        .allSatisfy(
            point -> {
              var shown = Visible.line("a" + Character.toString(point) + "b");
              assertThat(shown).matches("a(\\\\u[0-9a-f]{4})+b").matches("[ -~]+");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "p1", "a|b", "été", "製品", "Ана", "naïve", "👩", "a b", "~^\"'\\", "é", "สวัสดี"
      })
  void shouldLeaveTextsAsTheyAre(String text) {
    assertThat(Visible.line(text)).isSameAs(text);
  }

  @Test
  void shouldKeepLineFeedsOfOurOwnAlone() {
    assertThat(Visible.lines("a\nb\rc\u0085d\u2028e")).isEqualTo("a\nb\\u000dc\\u0085d\\u2028e");
  }

  @Test
  void shouldMeanTheSameInJson() throws Exception {
    var text =
        IntStream.range(0, Character.MAX_CODE_POINT)
            .filter(point -> point < 0xD800 || point > 0xDFFF)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    var shown = Visible.json(JSON.createObjectNode().put("id", text).toString());

    assertThat(JSON.readTree(shown).get("id").textValue()).isEqualTo(text);
    assertThat(shown.codePoints().filter(point -> IntStream.of(HIDDEN).anyMatch(h -> h == point)))
        .isEmpty();
  }
}
