package dev.sluice.startup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.SluiceConfig;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InternalTopicsTest {

  @Test
  void shouldExpectNoChangelogOfAStoreWithoutContent() {
    var config = SluiceConfig.of(Map.of("application.id", "id"));

    assertThat(InternalTopics.of(config).changelogs().keySet())
        .contains("id-products-changelog", "id-members-changelog")
        .noneMatch(changelog -> changelog.contains("commit-changelog"));
  }
}
