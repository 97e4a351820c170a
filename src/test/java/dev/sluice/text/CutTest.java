package dev.sluice.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CutTest {

  @ParameterizedTest
  @CsvSource({"'',3,''", "abc,3,abc", "abcd,3,abc…", "ab𝄞,3,ab…", "a𝄞b,3,a𝄞…", "ab𝄞,4,ab𝄞"})
  void shouldKeepSoManyCharactersAndNoHalfOfOne(String text, int max, String cut) {
    assertThat(Cut.to(text, max)).isEqualTo(cut);
  }
}
