package dev.sluice.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.proc.ExpiredJWTException;
import dev.sluice.config.InvalidConfigException;
import dev.sluice.config.Secrets;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * JSON Web Tokens of an identity provider: signed with a key of its key set, for this audience, and
 * not expired. Only signatures with public keys are taken.
 */
public final class JwtTokens implements TokenVerifier {
  private static final Logger LOG = LoggerFactory.getLogger(JwtTokens.class);
  private static final int TIMEOUT_MS = 2_000;

  /** A provider has some dozens of keys at most. */
  private static final int KEY_SET_BYTES_MAX = 1 << 20;

  private static final long SAY_INTERVAL_NS = 60_000_000_000L;

  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512);

  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
  private final String jwks;
  private final JWKSource<SecurityContext> keys;
  private final String rolesClaim;
  private volatile @Nullable String away;
  private final AtomicLong sayNextNs = new AtomicLong(System.nanoTime());

  /**
   * For one provider.
   *
   * @param jwks the file or URL of its key set; a URL is asked again when a key is not known
   * @param rolesClaim the claim that holds roles, as a list or parted by blanks
   * @throws InvalidConfigException when the key set cannot be had
   */
  public JwtTokens(String jwks, String issuer, String audience, String rolesClaim) {
    this.rolesClaim = rolesClaim;
    this.jwks = jwks;
    keys = source(jwks);
    away = problem();
    processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys));
    // RFC 9068 gives access tokens a type of their own.
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(
            JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
    processor.setJWTClaimsSetVerifier(
        new DefaultJWTClaimsVerifier<>(
            audience, new JWTClaimsSet.Builder().issuer(issuer).build(), Set.of("exp", "sub")));
  }

  private static JWKSource<SecurityContext> source(String jwks) {
    try {
      if (jwks.startsWith("http://") || jwks.startsWith("https://")) {
        return JWKSourceBuilder.<SecurityContext>create(
                URI.create(jwks).toURL(),
                new DefaultResourceRetriever(TIMEOUT_MS, TIMEOUT_MS, KEY_SET_BYTES_MAX))
            .retrying(true)
            .build();
      }
      return new ImmutableJWKSet<>(JWKSet.load(Path.of(jwks).toFile()));
    } catch (MalformedURLException | IllegalArgumentException e) {
      throw new InvalidConfigException(
          "http.auth.jwks is " + Secrets.url(jwks) + ", which is not a URL");
    } catch (IOException | ParseException e) {
      throw new InvalidConfigException(
          "http.auth.jwks is %s, which is not a readable key set: %s"
              .formatted(Secrets.url(jwks), shown(jwks, String.valueOf(e.getMessage()))));
    }
  }

  @Override
  public TokenCheck check(String token) {
    try {
      var claims = processor.process(token, null);
      away = null;
      return new TokenCheck.Known(new Caller(claims.getSubject(), roles(claims)));
    } catch (ExpiredJWTException e) {
      return new TokenCheck.Expired();
    } catch (RateLimitReachedException e) {
      // Who comes with keys that are not known does not have the set fetched again and again.
      return problem() == null ? new TokenCheck.Unknown() : unavailable(e);
    } catch (KeySourceException e) {
      return unavailable(e);
    } catch (ParseException | BadJOSEException | JOSEException e) {
      return new TokenCheck.Unknown();
    }
  }

  private TokenCheck unavailable(KeySourceException e) {
    var next = sayNextNs.get();
    var now = System.nanoTime();
    if (now - next >= 0 && sayNextNs.compareAndSet(next, now + SAY_INTERVAL_NS)) {
      LOG.warn("JSON Web Tokens cannot be checked: {}", said(e));
    }
    away = said(e);
    return new TokenCheck.Unavailable();
  }

  @Override
  public @Nullable String trouble() {
    return away;
  }

  private String said(Exception e) {
    var root = e.getCause() == null ? e : e.getCause();
    return "the key set %s cannot be read: %s"
        .formatted(Secrets.url(jwks), shown(jwks, String.valueOf(root.getMessage())));
  }

  /** What Java says names the whole URL, with what is secret in it. */
  private static String shown(String jwks, String message) {
    return Secrets.inText(message.replace(jwks, Secrets.url(jwks)));
  }

  /** Why no token can be checked now; null where the key set is there. */
  public @Nullable String problem() {
    try {
      return keys.get(new JWKSelector(new JWKMatcher.Builder().build()), null).isEmpty()
          ? "the key set " + Secrets.url(jwks) + " has no key"
          : null;
    } catch (KeySourceException e) {
      return said(e);
    }
  }

  private Set<Role> roles(JWTClaimsSet claims) {
    var roles = EnumSet.noneOf(Role.class);
    var claim = claims.getClaim(rolesClaim);
    Collection<?> names =
        claim instanceof Collection<?> list
            ? list
            : Arrays.asList(String.valueOf(claim).split(" "));
    names.forEach(name -> Role.named(String.valueOf(name)).ifPresent(roles::add));
    return roles;
  }
}
