package dev.sluice.rights;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SecurityDocsTest {
  private static final Path FILE = Path.of("docs", "security.md");

  @Test
  void shouldListExactlyTheRightsThatTheStartLooksForAndATestTakesAway() throws IOException {
    var text = Files.readString(FILE);
    var begin = text.indexOf(SecurityDocs.BEGIN);
    var end = text.indexOf(SecurityDocs.END) + SecurityDocs.END.length();
    if (Boolean.getBoolean("sluice.docs.write")) {
      text = text.substring(0, begin) + SecurityDocs.render() + text.substring(end);
      Files.writeString(FILE, text);
      end = text.indexOf(SecurityDocs.END) + SecurityDocs.END.length();
    }

    assertThat(text.substring(begin, end))
        .as("-Dsluice.docs.write=true writes it anew")
        .isEqualTo(SecurityDocs.render());
  }
}
