package dev.sluice.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.auth.Authenticator.RefusedException;
import dev.sluice.auth.Authenticator.RefusedException.Why;
import dev.sluice.auth.Authenticator.RequestIdentity;
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

class AuthenticatorTest {
  private static final RateLimit ANY = new RateLimit(0, () -> 0);
  private static final TokenVerifier TOKENS =
      token ->
          switch (token) {
            case "reader" -> new TokenCheck.Known(new Caller("ana", Set.of(Role.READ)));
            case "admin" -> new TokenCheck.Known(new Caller("ben", Set.of(Role.ADMIN)));
            case "old" -> new TokenCheck.Expired();
            default -> new TokenCheck.Unknown();
          };

  private static RequestIdentity from(String peer, String host, @Nullable String origin) {
    return new RequestIdentity(null, peer, host, origin);
  }

  private static RequestIdentity with(@Nullable String authorization) {
    return new RequestIdentity(authorization, "192.0.2.7", "sluice.example.com", null);
  }

  private static Why refused(
      Authenticator authenticator, RequestIdentity requestIdentity, Role role) {
    try {
      authenticator.admit(requestIdentity, Set.of(role), true);
    } catch (RefusedException e) {
      return e.why();
    }
    throw new AssertionError("let in");
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1,localhost:8080", "127.0.0.1,127.0.0.1", "0:0:0:0:0:0:0:1,[::1]:8080"})
  void shouldLetInThisMachineAloneWithoutTokens(String peer, String host) throws Exception {
    var authenticator = new Authenticator(null, ANY);

    assertThat(
            authenticator.admit(from(peer, host, null), Set.of(Role.PUBLISH), true).may(Role.ADMIN))
        .isTrue();
    assertThat(refused(authenticator, from("192.0.2.7", host, null), Role.READ))
        .isEqualTo(Why.FORBIDDEN);
  }

  @Test
  void shouldLetInThePageThatItServesItselfWithoutTokens() throws Exception {
    var authenticator = new Authenticator(null, ANY);

    for (var host : List.of("localhost:8080", "127.0.0.1:8080", "[::1]:8080")) {
      for (var scheme : List.of("http://", "https://")) {
        authenticator.admit(from("127.0.0.1", host, scheme + host), Set.of(Role.READ), true);
      }
    }
    // Of another port, of another program's, and of nobody's.
    for (var origin : List.of("http://localhost:3000", "http://localhost", "null", "")) {
      assertThat(refused(authenticator, from("127.0.0.1", "localhost:8080", origin), Role.READ))
          .as(origin)
          .isEqualTo(Why.FORBIDDEN);
    }
    var theirs = from("127.0.0.1", "evil.example.com", "http://evil.example.com");
    assertThat(refused(authenticator, theirs, Role.READ)).isEqualTo(Why.FORBIDDEN);
  }

  @Test
  void shouldRefuseWhatAPageEmbedsAndWhatAProxyPassesOnWithoutTokens() throws Exception {
    var authenticator = new Authenticator(null, ANY);

    for (var site : List.of("cross-site", "same-site", "")) {
      var page = new RequestIdentity(null, "127.0.0.1", "localhost:8080", null, site, false);
      assertThat(refused(authenticator, page, Role.READ)).as(site).isEqualTo(Why.FORBIDDEN);
    }
    for (var site : List.of("same-origin", "none")) {
      authenticator.admit(
          new RequestIdentity(null, "127.0.0.1", "localhost:8080", null, site, false),
          Set.of(Role.READ),
          true);
    }
    var proxy = new RequestIdentity(null, "127.0.0.1", "localhost:8080", null, null, true);
    assertThat(refused(authenticator, proxy, Role.READ)).isEqualTo(Why.FORBIDDEN);
    var known =
        new RequestIdentity("Bearer reader", "192.0.2.7", "a.example.com", null, null, true);
    new Authenticator(TOKENS, ANY).admit(known, Set.of(Role.READ), true);
  }

  @Test
  void shouldKnowWhatComesUnderAnotherNameFromThisMachine() {
    assertThat(Authenticator.isRebound("127.0.0.1", "evil.example.com:8080")).isTrue();
    for (var host : List.of("localhost:8080", "127.0.0.1", "[::1]:8080", "192.0.2.7:80")) {
      assertThat(Authenticator.isRebound("127.0.0.1", host)).as(host).isFalse();
    }
    assertThat(Authenticator.isRebound("192.0.2.7", "sluice.example.com")).isFalse();
  }

  @Test
  void shouldCountWhatInstancesAskEachOtherOnACallersBehalf() throws Exception {
    var authenticator =
        new Authenticator(TOKENS, new RateLimit(1, () -> 0), new RateLimit(4, () -> 0));

    for (int i = 0; i < 8; i++) {
      authenticator.admit(with("Bearer reader"), Set.of(Role.READ), false);
    }
    try {
      authenticator.admit(with("Bearer reader"), Set.of(Role.READ), false);
      throw new AssertionError("let in");
    } catch (RefusedException e) {
      assertThat(e.why()).isEqualTo(Why.TOO_MANY);
    }
    authenticator.admit(with("Bearer reader"), Set.of(Role.READ), true);
  }

  @Test
  void shouldNotCallATokenUnknownThatCannotBeChecked() {
    TokenVerifier away = token -> new TokenCheck.Unavailable();
    assertThat(refused(new Authenticator(away, ANY), with("Bearer x"), Role.READ))
        .isEqualTo(Why.UNAVAILABLE);
    assertThat(TokenVerifier.anyOf(List.of(token -> new TokenCheck.Unknown(), away)).check("x"))
        .isInstanceOf(TokenCheck.Unavailable.class);
  }

  @Test
  void shouldRefuseTheBrowserOnThisMachineWithoutTokens() {
    var authenticator = new Authenticator(null, ANY);

    assertThat(
            refused(
                authenticator,
                from("127.0.0.1", "localhost", "http://evil.example.com"),
                Role.READ))
        .isEqualTo(Why.FORBIDDEN);
    // A name of somebody else's that leads here.
    assertThat(refused(authenticator, from("127.0.0.1", "evil.example.com:8080", null), Role.READ))
        .isEqualTo(Why.FORBIDDEN);
  }

  @Test
  void shouldLetInWhoHasTheRole() throws Exception {
    var authenticator = new Authenticator(TOKENS, ANY);

    assertThat(authenticator.admit(with("Bearer reader"), Set.of(Role.READ), true).name())
        .isEqualTo("ana");
    assertThat(authenticator.admit(with("bearer admin"), Set.of(Role.PUBLISH), true).name())
        .isEqualTo("ben");
    assertThat(refused(authenticator, with("Bearer reader"), Role.PUBLISH))
        .isEqualTo(Why.FORBIDDEN);
  }

  @Test
  void shouldRefuseNoTokenAWrongOneAndAnExpiredOneAlsoOnThisMachine() {
    var authenticator = new Authenticator(TOKENS, ANY);

    for (var authorization :
        new String[] {null, "", "Bearer", "Basic reader", "Bearer x", "Bearer old"}) {
      assertThat(refused(authenticator, with(authorization), Role.READ))
          .isEqualTo(Why.UNAUTHORIZED);
    }
    assertThat(refused(authenticator, from("127.0.0.1", "localhost", null), Role.READ))
        .isEqualTo(Why.UNAUTHORIZED);
  }

  @Test
  void shouldLetACallerAskSoOftenAndNoMore() throws Exception {
    var nanos = new AtomicLong();
    var authenticator = new Authenticator(TOKENS, new RateLimit(2, nanos::get));

    for (int i = 0; i < 4; i++) {
      authenticator.admit(with("Bearer reader"), Set.of(Role.READ), true);
    }
    assertThat(refused(authenticator, with("Bearer reader"), Role.READ)).isEqualTo(Why.TOO_MANY);
    authenticator.admit(with("Bearer admin"), Set.of(Role.READ), true);
    authenticator.admit(with("Bearer reader"), Set.of(Role.READ), false);
    nanos.addAndGet(500_000_000);
    authenticator.admit(with("Bearer reader"), Set.of(Role.READ), true);
    assertThat(refused(authenticator, with("Bearer reader"), Role.READ)).isEqualTo(Why.TOO_MANY);
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
            Authenticator.problems(
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
    assertThatThrownBy(() -> Authenticator.of(SluiceConfig.of(Map.of("http.auth.jwks", "file"))))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("http.auth.audience");
  }
}
