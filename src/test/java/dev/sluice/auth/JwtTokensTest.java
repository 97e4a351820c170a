package dev.sluice.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.config.InvalidConfigException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JwtTokensTest {
  private static final String ISSUER = "https://login.example.com";

  @TempDir private static Path folder;
  private static ECKey key;
  private static JwtTokens tokens;

  @BeforeAll
  static void start() throws Exception {
    key = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
    var file = folder.resolve("jwks.json");
    Files.writeString(file, new JWKSet(key).toString());
    tokens = new JwtTokens(file.toString(), ISSUER, "sluice", "roles");
  }

  private static JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .subject("ana")
        .issuer(ISSUER)
        .audience("sluice")
        .expirationTime(Date.from(Instant.now().plusSeconds(600)))
        .claim("roles", List.of("read", "unheard-of"));
  }

  private static String signed(JWTClaimsSet claims, ECKey with) throws JOSEException {
    var header = new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(with.getKeyID()).build();
    var jwt = new SignedJWT(header, claims);
    jwt.sign(new ECDSASigner(with));
    return jwt.serialize();
  }

  private static TokenCheck check(JWTClaimsSet claims) throws JOSEException {
    return tokens.check(signed(claims, key));
  }

  @Test
  void shouldKnowWhoItIsAndTheRolesThatThereAre() throws Exception {
    var ana = new TokenCheck.Known(new Caller("ana", Set.of(Role.READ)));

    assertThat(check(claims().build())).isEqualTo(ana);
    assertThat(check(claims().claim("roles", "read other").build())).isEqualTo(ana);
    assertThat(check(claims().claim("roles", null).build()))
        .isEqualTo(new TokenCheck.Known(new Caller("ana", Set.of())));
  }

  private static String typed(String type) throws JOSEException {
    var header =
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .keyID(key.getKeyID())
            .type(new JOSEObjectType(type))
            .build();
    var jwt = new SignedJWT(header, claims().build());
    jwt.sign(new ECDSASigner(key));
    return jwt.serialize();
  }

  @Test
  void shouldTakeTheTypesThatAccessTokensHave() throws Exception {
    for (var type : List.of("JWT", "jwt", "at+jwt")) {
      assertThat(tokens.check(typed(type))).as(type).isInstanceOf(TokenCheck.Known.class);
    }
    assertThat(tokens.check(typed("secevent+jwt"))).isInstanceOf(TokenCheck.Unknown.class);
  }

  @Test
  void shouldSayThatItsKeysCannotBeHadAndNotThatATokenIsUnknown() throws Exception {
    // Nothing listens on a port that was just let go.
    int port;
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    var away = new JwtTokens("http://127.0.0.1:" + port + "/k", ISSUER, "sluice", "roles");

    assertThat(away.check(signed(claims().build(), key)))
        .isInstanceOf(TokenCheck.Unavailable.class);
    assertThat(away.check(signed(claims().build(), key)))
        .isInstanceOf(TokenCheck.Unavailable.class);
    assertThat(away.problem()).contains("the key set http://127.0.0.1:" + port);
    assertThat(tokens.problem()).isNull();
  }

  @Test
  void shouldTakeALargeKeySetAndNotFetchItForEveryUnknownKey() throws Exception {
    var keys = new ArrayList<JWK>(List.of(key));
    for (int i = 0; i < 400; i++) {
      keys.add(new ECKeyGenerator(Curve.P_256).keyID("other" + i).generate());
    }
    var text = new JWKSet(keys).toPublicJWKSet().toString().getBytes(UTF_8);
    assertThat(text.length).isGreaterThan(51_200);
    var fetched = new AtomicInteger();
    var server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/k",
        exchange -> {
          fetched.incrementAndGet();
          exchange.sendResponseHeaders(200, text.length);
          exchange.getResponseBody().write(text);
          exchange.close();
        });
    server.start();
    try {
      var url = "http://127.0.0.1:" + server.getAddress().getPort() + "/k";
      var provider = new JwtTokens(url, ISSUER, "sluice", "roles");
      assertThat(provider.check(signed(claims().build(), key)))
          .isInstanceOf(TokenCheck.Known.class);
      for (int i = 0; i < 5; i++) {
        var stranger = new ECKeyGenerator(Curve.P_256).keyID("stranger" + i).generate();
        assertThat(provider.check(signed(claims().build(), stranger)))
            .isInstanceOf(TokenCheck.Unknown.class);
      }
      assertThat(fetched.get()).isLessThan(4);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void shouldKnowAnExpiredOneAsOne() throws Exception {
    var past = Date.from(Instant.now().minusSeconds(600));

    assertThat(check(claims().expirationTime(past).build())).isInstanceOf(TokenCheck.Expired.class);
  }

  @Test
  void shouldNotKnowWhatIsForOthersOrFromOthersOrNeverEnds() throws Exception {
    for (var claims :
        List.of(
            claims().audience("other").build(),
            claims().audience((String) null).build(),
            claims().issuer("https://evil.example.com").build(),
            claims().expirationTime(null).build(),
            claims().subject(null).build(),
            claims().notBeforeTime(Date.from(Instant.now().plusSeconds(600))).build())) {
      assertThat(check(claims)).as("%s", claims).isInstanceOf(TokenCheck.Unknown.class);
    }
  }

  @Test
  void shouldNotKnowWhatIsNotSignedWithAKeyOfTheSet() throws Exception {
    var other = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
    assertThat(tokens.check(signed(claims().build(), other)))
        .isInstanceOf(TokenCheck.Unknown.class);

    assertThat(tokens.check(new PlainJWT(claims().build()).serialize()))
        .isInstanceOf(TokenCheck.Unknown.class);
    // The public key taken for a shared secret.
    var confused =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("k1").build(), claims().build());
    confused.sign(
        new MACSigner(
            key.toPublicJWK().toJSONString().getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    assertThat(tokens.check(confused.serialize())).isInstanceOf(TokenCheck.Unknown.class);
    assertThat(tokens.check("not.a.token")).isInstanceOf(TokenCheck.Unknown.class);
  }

  @Test
  void shouldRefuseAKeySetThatIsNone() {
    assertThatThrownBy(() -> new JwtTokens("no/such/file", ISSUER, "sluice", "roles"))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("http.auth.jwks is no/such/file");
  }
}
