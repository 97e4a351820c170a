package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line with and without what is for development. */
@ResourceLock(Resources.SYSTEM_ERR)
class DevelopmentToolsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"demo", "demo --keep --http-port 1", "demo --help", "bench fanout --json"})
  void shouldExplainADevelopmentCommandInAnInstallation(String line) {
    var ran = Ran.of(SluiceCommand.line(Optional.empty()), line.split(" "));

    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.said())
        .startsWith("sluice: " + line.split(" ")[0] + " is not in this installation: ")
        .contains("sluice-dev.jar", "./sluice in a checkout")
        .hasLineCount(1);
  }

  @Test
  void shouldOfferOnlyExistingCommandsInAnInstallation() {
    assertThat(SluiceCommand.line(Optional.empty()).getUsageMessage())
        .contains("publish", "Exit status")
        .doesNotContain("demo", "bench");
  }

  @Test
  void shouldOfferDevelopmentCommandsInACheckout() {
    var tools = DevelopmentTools.find();

    assertThat(tools).isPresent();
    assertThat(SluiceCommand.line(tools).getSubcommands())
        .containsKeys(DevelopmentTools.COMMANDS.toArray(String[]::new));
    assertThat(SluiceCommand.line(tools).getUsageMessage())
        .contains("Start with: ./sluice demo", "bench", "Exit status");
  }
}
