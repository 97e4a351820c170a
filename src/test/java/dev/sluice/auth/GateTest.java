package dev.sluice.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.auth.Gate.Arrival;
import dev.sluice.auth.Gate.RefusedException;
import dev.sluice.auth.Gate.RefusedException.Why;
import dev.sluice.config.InvalidConfigException;
import dev.sluice.config.SluiceConfig;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GateTest {
  private static final RateLimit ANY = new RateLimit(0, () -> 0);
  private static final Tokens TOKENS =
      token ->
          switch (token) {
            case "reader" -> new Verdict.Known(new Caller("ana", Set.of(Role.READ)));
            case "admin" -> new Verdict.Known(new Caller("ben", Set.of(Role.ADMIN)));
            case "old" -> new Verdict.Expired();
            default -> new Verdict.Unknown();
          };

  private static Arrival from(String peer, String host, @Nullable String origin) {
    return new Arrival(null, peer, host, origin);
  }

  private static Arrival with(@Nullable String authorization) {
    return new Arrival(authorization, "192.0.2.7", "sluice.example.com", null);
  }

  private static Why refused(Gate gate, Arrival arrival, Role role) {
    try {
      gate.admit(arrival, role, true);
    } catch (RefusedException e) {
      return e.why();
    }
    throw new AssertionError("let in");
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1,localhost:8080", "127.0.0.1,127.0.0.1", "0:0:0:0:0:0:0:1,[::1]:8080"})
  void shouldLetInThisMachineAloneWithoutTokens(String peer, String host) throws Exception {
    var gate = new Gate(null, ANY);

    assertThat(gate.admit(from(peer, host, null), Role.PUBLISH, true).may(Role.ADMIN)).isTrue();
    assertThat(refused(gate, from("192.0.2.7", host, null), Role.READ)).isEqualTo(Why.FORBIDDEN);
  }

  @Test
  void shouldLetInThePageThatItServesItselfWithoutTokens() throws Exception {
    var gate = new Gate(null, ANY);

    for (var host : List.of("localhost:8080", "127.0.0.1:8080", "[::1]:8080")) {
      for (var scheme : List.of("http://", "https://")) {
        gate.admit(from("127.0.0.1", host, scheme + host), Role.READ, true);
      }
    }
    // Of another port, of another program's, and of nobody's.
    for (var origin : List.of("http://localhost:3000", "http://localhost", "null", "")) {
      assertThat(refused(gate, from("127.0.0.1", "localhost:8080", origin), Role.READ))
          .as(origin)
          .isEqualTo(Why.FORBIDDEN);
    }
    var theirs = from("127.0.0.1", "evil.example.com", "http://evil.example.com");
    assertThat(refused(gate, theirs, Role.READ)).isEqualTo(Why.FORBIDDEN);
  }

  @Test
  void shouldRefuseWhatAPageEmbedsAndWhatAProxyPassesOnWithoutTokens() throws Exception {
    var gate = new Gate(null, ANY);

    for (var site : List.of("cross-site", "same-site", "")) {
      var page = new Arrival(null, "127.0.0.1", "localhost:8080", null, site, false);
      assertThat(refused(gate, page, Role.READ)).as(site).isEqualTo(Why.FORBIDDEN);
    }
    for (var site : List.of("same-origin", "none")) {
      gate.admit(
          new Arrival(null, "127.0.0.1", "localhost:8080", null, site, false), Role.READ, true);
    }
    var proxy = new Arrival(null, "127.0.0.1", "localhost:8080", null, null, true);
    assertThat(refused(gate, proxy, Role.READ)).isEqualTo(Why.FORBIDDEN);
    var known = new Arrival("Bearer reader", "192.0.2.7", "a.example.com", null, null, true);
    new Gate(TOKENS, ANY).admit(known, Role.READ, true);
  }

  @Test
  void shouldKnowWhatComesUnderAnotherNameFromThisMachine() {
    assertThat(Gate.isRebound("127.0.0.1", "evil.example.com:8080")).isTrue();
    for (var host : List.of("localhost:8080", "127.0.0.1", "[::1]:8080", "192.0.2.7:80")) {
      assertThat(Gate.isRebound("127.0.0.1", host)).as(host).isFalse();
    }
    assertThat(Gate.isRebound("192.0.2.7", "sluice.example.com")).isFalse();
  }

  @Test
  void shouldCountWhatInstancesAskEachOtherOnACallersBehalf() throws Exception {
    var gate = new Gate(TOKENS, new RateLimit(1, () -> 0), new RateLimit(4, () -> 0));

    for (int i = 0; i < 8; i++) {
      gate.admit(with("Bearer reader"), Role.READ, false);
    }
    try {
      gate.admit(with("Bearer reader"), Role.READ, false);
      throw new AssertionError("let in");
    } catch (RefusedException e) {
      assertThat(e.why()).isEqualTo(Why.TOO_MANY);
    }
    gate.admit(with("Bearer reader"), Role.READ, true);
  }

  @Test
  void shouldNotCallATokenUnknownThatCannotBeChecked() {
    Tokens away = token -> new Verdict.Unavailable();
    assertThat(refused(new Gate(away, ANY), with("Bearer x"), Role.READ))
        .isEqualTo(Why.UNAVAILABLE);
    assertThat(Tokens.anyOf(List.of(token -> new Verdict.Unknown(), away)).check("x"))
        .isInstanceOf(Verdict.Unavailable.class);
  }

  @Test
  void shouldRefuseTheBrowserOnThisMachineWithoutTokens() {
    var gate = new Gate(null, ANY);

    assertThat(refused(gate, from("127.0.0.1", "localhost", "http://evil.example.com"), Role.READ))
        .isEqualTo(Why.FORBIDDEN);
    // A name of somebody else's that leads here.
    assertThat(refused(gate, from("127.0.0.1", "evil.example.com:8080", null), Role.READ))
        .isEqualTo(Why.FORBIDDEN);
  }

  @Test
  void shouldLetInWhoHasTheRole() throws Exception {
    var gate = new Gate(TOKENS, ANY);

    assertThat(gate.admit(with("Bearer reader"), Role.READ, true).name()).isEqualTo("ana");
    assertThat(gate.admit(with("bearer admin"), Role.PUBLISH, true).name()).isEqualTo("ben");
    assertThat(refused(gate, with("Bearer reader"), Role.PUBLISH)).isEqualTo(Why.FORBIDDEN);
  }

  @Test
  void shouldRefuseNoTokenAWrongOneAndAnExpiredOneAlsoOnThisMachine() {
    var gate = new Gate(TOKENS, ANY);

    for (var authorization :
        new String[] {null, "", "Bearer", "Basic reader", "Bearer x", "Bearer old"}) {
      assertThat(refused(gate, with(authorization), Role.READ)).isEqualTo(Why.UNAUTHORIZED);
    }
    assertThat(refused(gate, from("127.0.0.1", "localhost", null), Role.READ))
        .isEqualTo(Why.UNAUTHORIZED);
  }

  @Test
  void shouldLetACallerAskSoOftenAndNoMore() throws Exception {
    var nanos = new AtomicLong();
    var gate = new Gate(TOKENS, new RateLimit(2, nanos::get));

    for (int i = 0; i < 4; i++) {
      gate.admit(with("Bearer reader"), Role.READ, true);
    }
    assertThat(refused(gate, with("Bearer reader"), Role.READ)).isEqualTo(Why.TOO_MANY);
    gate.admit(with("Bearer admin"), Role.READ, true);
    gate.admit(with("Bearer reader"), Role.READ, false);
    nanos.addAndGet(500_000_000);
    gate.admit(with("Bearer reader"), Role.READ, true);
    assertThat(refused(gate, with("Bearer reader"), Role.READ)).isEqualTo(Why.TOO_MANY);
  }

  @Test
  void shouldHideWhatIsSecretInTheUrlOfAKeySetAndSayWhatMendsIt() throws Exception {
    var server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(403, -1);
          exchange.close();
        });
    server.start();
    try {
      for (var url :
          List.of(
              "http://ana:hush@127.0.0.1:%d/k?key=hush".formatted(server.getAddress().getPort()),
              "http://ana:hush@127.0.0.1:1/k?key=hush",
              "http://ana:hu/sh@[x/k?key=hush",
              "no/such/file?hush")) {
        var problems =
            Gate.problems(
                SluiceConfig.of(
                    Map.of(
                        "http.auth.jwks", url,
                        "http.auth.issuer", "i",
                        "http.auth.audience", "a")));
        assertThat(problems).as(url).hasSize(1);
        assertThat(problems.toString())
            .contains("[hidden]", "http.auth.jwks names")
            .doesNotContain("hush", "hu/", "sluice token");
      }
    } finally {
      server.stop(0);
    }
  }

  @Test
  void shouldRefuseAKeySetWithoutIssuerOrAudience() {
    assertThatThrownBy(() -> Gate.of(SluiceConfig.of(Map.of("http.auth.jwks", "file"))))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("http.auth.audience");
  }
}
