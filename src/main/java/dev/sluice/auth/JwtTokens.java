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
 * Verifies JSON Web Tokens of an identity provider: signed with a key of its key set, for this
 * audience, and not expired. Only public-key signatures are accepted.
 */
public final class JwtTokens implements TokenVerifier {
  private static final Logger LOG = LoggerFactory.getLogger(JwtTokens.class);
  private static final int TIMEOUT_MS = 2_000;

  /** Maximum size of a key set; a provider has some dozens of keys. */
  private static final int KEY_SET_BYTES_MAX = 1 << 20;

  private static final long LOG_INTERVAL_NS = 60_000_000_000L;

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
  private final AtomicLong nextLogNs = new AtomicLong(System.nanoTime());

  /**
   * Creates a verifier for one provider.
   *
   * @param jwks the file or URL of its key set; a URL is read again for an unknown key
   * @param rolesClaim the claim with the roles, as a list or separated by blanks
   * @throws InvalidConfigException if the key set cannot be read
   */
  public JwtTokens(String jwks, String issuer, String audience, String rolesClaim) {
    this.rolesClaim = rolesClaim;
    this.jwks = jwks;
    keys = source(jwks);
    away = problem();
    processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys));
    // RFC 9068 defines a separate type for access tokens.
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
      // Limits how often tokens with unknown keys cause a read of the key set.
      return problem() == null ? new TokenCheck.Unknown() : unavailable(e);
    } catch (KeySourceException e) {
      return unavailable(e);
    } catch (ParseException | BadJOSEException | JOSEException e) {
      return new TokenCheck.Unknown();
    }
  }

  private TokenCheck unavailable(KeySourceException e) {
    var next = nextLogNs.get();
    var now = System.nanoTime();
    if (now - next >= 0 && nextLogNs.compareAndSet(next, now + LOG_INTERVAL_NS)) {
      LOG.warn("JSON Web Tokens cannot be checked: {}", message(e));
    }
    away = message(e);
    return new TokenCheck.Unavailable();
  }

  @Override
  public @Nullable String trouble() {
    return away;
  }

  private String message(Exception e) {
    var root = e.getCause() == null ? e : e.getCause();
    return "the key set %s cannot be read: %s"
        .formatted(Secrets.url(jwks), shown(jwks, String.valueOf(root.getMessage())));
  }

  /** Removes the URL from Java's message, since the URL may contain secrets. */
  private static String shown(String jwks, String message) {
    return Secrets.inText(message.replace(jwks, Secrets.url(jwks)));
  }

  /** Returns why no token can be checked now; null if the key set is loaded. */
  public @Nullable String problem() {
    try {
      return keys.get(new JWKSelector(new JWKMatcher.Builder().build()), null).isEmpty()
          ? "the key set " + Secrets.url(jwks) + " has no key"
          : null;
    } catch (KeySourceException e) {
      return message(e);
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
