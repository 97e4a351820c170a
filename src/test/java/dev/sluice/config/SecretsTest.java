package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "https://h/k https://h/k",
        "keys.json keys.json",
        "https://ana:hush@h/k https://[hidden]@h/k",
        "https://ana:hu@sh/hu,sh?hush@h/k https://[hidden]@h/k",
        "https://h/k?key=hush https://h/k?[hidden]",
        "https://h/k?key=hush,hush&x=1 https://h/k?[hidden]",
        "https://ana:hush@h/k?key=hush https://[hidden]@h/k?[hidden]"
      })
  void shouldHideUserAndQueryOfAUrl(String url, String shown) {
    assertThat(Secrets.url(url)).isEqualTo(shown);
    assertThat(Secrets.inText("401 for URL: " + url + " \"x\"")).doesNotContain("hush");
    var settings = SluiceConfig.of(Map.of("http.auth.jwks", url)).published();
    assertThat(settings.toString()).contains(shown).doesNotContain("hush");
  }

  /** Drivers have parameters of many forms. */
  @Test
  void shouldHideTheParametersOfAJdbcUrl() {
    assertThat(Secrets.shown("executor.jdbc.url", "jdbc:postgresql://u:p@h/db?password=x"))
        .isEqualTo("jdbc:postgresql://[hidden]@h/db?[hidden]");
    assertThat(Secrets.shown("executor.jdbc.url", "jdbc:sqlserver://h:1433;password=x"))
        .isEqualTo("jdbc:sqlserver://h:1433;[hidden]");
    assertThat(Secrets.shown("executor.jdbc.properties", "private_key_pwd=x"))
        .isEqualTo("[hidden]");
  }

  @Test
  void shouldLeaveOtherTextAsItIs() {
    assertThat(Secrets.inText("no/such/file (No such file)?"))
        .isEqualTo("no/such/file (No such file)?");
  }
}
