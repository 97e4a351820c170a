package dev.sluice.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.sluice.config.InvalidConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
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

  private static Verdict check(JWTClaimsSet claims) throws JOSEException {
    return tokens.check(signed(claims, key));
  }

  @Test
  void shouldKnowWhoItIsAndTheRolesThatThereAre() throws Exception {
    var ana = new Verdict.Known(new Caller("ana", Set.of(Role.READ)));

    assertThat(check(claims().build())).isEqualTo(ana);
    assertThat(check(claims().claim("roles", "read other").build())).isEqualTo(ana);
    assertThat(check(claims().claim("roles", null).build()))
        .isEqualTo(new Verdict.Known(new Caller("ana", Set.of())));
  }

  @Test
  void shouldKnowAnExpiredOneAsOne() throws Exception {
    var past = Date.from(Instant.now().minusSeconds(600));

    assertThat(check(claims().expirationTime(past).build())).isInstanceOf(Verdict.Expired.class);
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
      assertThat(check(claims)).as("%s", claims).isInstanceOf(Verdict.Unknown.class);
    }
  }

  @Test
  void shouldNotKnowWhatIsNotSignedWithAKeyOfTheSet() throws Exception {
    var other = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
    assertThat(tokens.check(signed(claims().build(), other))).isInstanceOf(Verdict.Unknown.class);

    assertThat(tokens.check(new PlainJWT(claims().build()).serialize()))
        .isInstanceOf(Verdict.Unknown.class);
    // The public key taken for a shared secret.
    var confused =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("k1").build(), claims().build());
    confused.sign(
        new MACSigner(
            key.toPublicJWK().toJSONString().getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    assertThat(tokens.check(confused.serialize())).isInstanceOf(Verdict.Unknown.class);
    assertThat(tokens.check("not.a.token")).isInstanceOf(Verdict.Unknown.class);
  }

  @Test
  void shouldRefuseAKeySetThatIsNone() {
    assertThatThrownBy(() -> new JwtTokens("no/such/file", ISSUER, "sluice", "roles"))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("http.auth.jwks is no/such/file");
  }
}
