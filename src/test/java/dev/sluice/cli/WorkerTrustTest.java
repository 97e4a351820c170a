package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The trusted certificates of the command line; TlsAndCorsTest tests connections with them. */
class WorkerTrustTest {
  private static final String WARNING = "warning: the token goes to ";

  @TempDir private Path folder;

  @Test
  void shouldPreferTheOptionToTheVariable() {
    var named = Map.of("SLUICE_CACERT", "/etc/named.pem");

    assertThat(WorkerTrust.file(Path.of("/etc/given.pem"), named)).hasToString("/etc/given.pem");
    assertThat(WorkerTrust.file(null, named)).hasToString("/etc/named.pem");
    assertThat(WorkerTrust.file(null, Map.of("SLUICE_CACERT", " "))).isNull();
    assertThat(WorkerTrust.file(null, Map.of())).isNull();
  }

  /** None of them answers; what is warned of comes before that. */
  @ParameterizedTest
  @CsvSource({
    "http://sluice.invalid:1,true",
    "http://127.0.0.1.invalid:1,true",
    "http://localhost.invalid:1,true",
    "https://sluice.invalid:1,false",
    "http://localhost:1,false",
    "http://LOCALHOST:1,false",
    "http://127.0.0.1:1,false",
    "http://[::1]:1,false"
  })
  @ResourceLock(Resources.SYSTEM_ERR)
  void shouldWarnIfATokenGoesOverHttpToAnotherMachine(String url, boolean warns) throws Exception {
    var token = Files.writeString(folder.resolve("token"), "hush-hush\n");

    var said = products("--url", url, "--token-file", token.toString());

    if (warns) {
      assertThat(said).containsOnlyOnce(WARNING).contains("use https");
    } else {
      assertThat(said).doesNotContain(WARNING);
    }
    assertThat(said).doesNotContain("hush-hush");
    assertThat(products("--url", url)).as("without a token").doesNotContain(WARNING);
  }

  private static String products(String... options) {
    var ran =
        Ran.of(Stream.concat(Stream.of("products"), Stream.of(options)).toArray(String[]::new));
    assertThat(ran.status()).isEqualTo(1);
    return ran.said();
  }
}
