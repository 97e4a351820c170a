package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigProvidersTest {
  @TempDir Path folder;

  @Test
  void shouldResolveReferencesToFilesAndToTheEnvironment() throws IOException {
    Path secrets = Files.writeString(folder.resolve("secrets"), "jaas=from-file\nthreads=7\n");

    var config =
        SluiceConfig.load(
            null,
            Map.of("WHO", "u", "SLUICE_CONFIG_PROVIDERS", "file, env"),
            List.of(
                "kafka.sasl.jaas.config=${file:" + secrets + ":jaas}",
                "threads=${file:" + secrets + ":threads}",
                "basic.auth.user.info=${env:WHO}:${file:" + secrets + ":jaas}"));

    assertThat(config.get(WorkerKeys.THREADS)).isEqualTo(7);
    assertThat(config.clientConfig()).containsEntry("sasl.jaas.config", "from-file");
    assertThat(config.serdeConfig()).containsEntry("basic.auth.user.info", "u:from-file");
  }

  @Test
  void shouldDescribeTheReferenceRatherThanWhatItStandsFor() {
    var config =
        SluiceConfig.load(
            null,
            Map.of("WHERE", "inside:9092"),
            List.of("config.providers=env", "bootstrap.servers=${env:WHERE}"));

    assertThat(config.bootstrapServers()).isEqualTo("inside:9092");
    assertThat(config.describe()).containsEntry("bootstrap.servers", "${env:WHERE} (-o)");
  }

  @Test
  void shouldMakeAProviderOfTheGivenClassWithItsParameters() {
    var config =
        SluiceConfig.load(
            null,
            Map.of("ALLOWED_ID", "mine"),
            List.of(
                "config.providers=vars",
                "config.providers.vars.class="
                    + "org.apache.kafka.common.config.provider.EnvVarConfigProvider",
                "config.providers.vars.param.allowlist.pattern=ALLOWED_.*",
                "application.id=${vars:ALLOWED_ID}"));

    assertThat(config.applicationId()).isEqualTo("mine");
  }

  @Test
  void shouldNameTheReferenceThatNobodyGives() {
    assertThatThrownBy(
            () ->
                SluiceConfig.load(
                    null,
                    Map.of(),
                    List.of("config.providers=env", "application.id=${env:MISSING}")))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage(
            "application.id (-o) refers to ${env:MISSING}, which no provider of config.providers"
                + " resolves.");
  }

  @Test
  void shouldNameTheReferenceWhereNoProviderIsNamed() {
    assertThatThrownBy(() -> SluiceConfig.of(Map.of("application.id", "${env:HOME}")))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("${env:HOME}");
  }

  @Test
  void shouldNameTheFileThatCannotBeRead() {
    Path missing = folder.resolve("missing");

    assertThatThrownBy(
            () ->
                SluiceConfig.of(
                    Map.of(
                        "config.providers", "file", "application.id", "${file:" + missing + ":k}")))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageStartingWith("application.id (the program) refers to")
        .hasMessageContaining(missing.toString());
  }

  @Test
  void shouldSayThatAProviderHasNoClass() {
    assertThatThrownBy(() -> SluiceConfig.of(Map.of("config.providers", "vault")))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageStartingWith("config.providers is \"vault\" (the program)")
        .hasMessageEndingWith(
            "config.providers.vault.class must be the full name of a ConfigProvider.");
  }
}
