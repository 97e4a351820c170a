package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigurationDocsTest {
  private static final Path FILE = Path.of("docs", "configuration.md");

  @Test
  void shouldFindTheDocumentationEqualToTheDefinitions() throws IOException {
    if (Boolean.getBoolean("sluice.docs.write")) {
      Files.createDirectories(FILE.getParent());
      Files.writeString(FILE, ConfigurationDocs.render());
    }

    assertThat(FILE)
        .as("-Dsluice.docs.write=true writes it anew")
        .content()
        .isEqualTo(ConfigurationDocs.render());
  }
}
