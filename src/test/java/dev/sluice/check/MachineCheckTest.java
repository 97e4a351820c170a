package dev.sluice.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.check.Finding.Verdict;
import dev.sluice.config.SluiceConfig;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineCheckTest {
  @TempDir private Path folder;

  @Test
  void shouldSayWhatIsWrongWithTheTemporaryFolderAsAStartDoes() {
    assertThat(MachineCheck.temporary(folder, Map.of()))
        .isEqualTo(Finding.ok("java.io.tmpdir", folder + " can be used"));

    var missing = MachineCheck.temporary(folder.resolve("none"), Map.of());
    assertThat(missing.verdict()).isEqualTo(Verdict.FAILED);
    assertThat(missing.text())
        .isEqualTo(
            "the temporary folder %s (java.io.tmpdir) does not exist, or is not a folder"
                .formatted(folder.resolve("none")));
    assertThat(missing.remedy()).startsWith("set SLUICE_JAVA_OPTS=-Djava.io.tmpdir=FOLDER");
  }

  @Test
  void shouldNameTheSettingsWhereNothingIsAtTheHost() {
    var config =
        SluiceConfig.of(
            Map.of(
                "http.host", "nowhere.invalid",
                "http.port", "8080",
                "data.dir", folder.toString()));

    assertThat(new MachineCheck(config).findings())
        .filteredOn(finding -> finding.what().equals("http.port"))
        .singleElement()
        .satisfies(finding -> assertThat(finding.verdict()).isEqualTo(Verdict.FAILED))
        .satisfies(finding -> assertThat(finding.text()).contains("8080 of nowhere.invalid"))
        .satisfies(finding -> assertThat(finding.text()).doesNotContain("null"))
        .satisfies(finding -> assertThat(finding.remedy()).contains("http.host"));
  }
}
