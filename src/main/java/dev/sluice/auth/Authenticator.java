package dev.sluice.auth;

import dev.sluice.config.ApiKeys;
import dev.sluice.config.InvalidConfigException;
import dev.sluice.config.KafkaKeys;
import dev.sluice.config.Secrets;
import dev.sluice.config.SluiceConfig;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets callers in, or not. Without tokens it lets in who comes from this machine, and asks the page
 * of no browser that was not loaded from it.
 */
public final class Authenticator {
  private static final Logger LOG = LoggerFactory.getLogger(Authenticator.class);
  private static final String BEARER = "bearer ";
  private static final Caller LOCAL = new Caller("local", Set.of(Role.ADMIN));
  private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

  /** Of a page that this worker serves, and of who types an address. */
  private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

  private static final String KEYS_REMEDY =
      "http.auth.jwks names the provider's key set (JSON), as a file or a URL that this machine"
          + " can reach; set http.auth.issuer and http.auth.audience too";

  /** So many calls within, for each partition of users, may one question make. */
  private static final int CALLS = 4;

  private static final int CALLS_MIN = 16;

  private final @Nullable TokenVerifier tokenVerifier;
  private final RateLimit rate;
  private final RateLimit within;

  /**
   * Somebody at the gate.
   *
   * @param authorization the header; null for none
   * @param peer the address that the connection comes from
   * @param host the header, which names what the caller thinks that it asks
   * @param origin the header of a browser; null for none
   * @param site the header Sec-Fetch-Site of a browser, which says whose page asks; null for none
   * @param forwarded whether a proxy says that it asks for somebody else
   */
  public record RequestIdentity(
      @Nullable String authorization,
      String peer,
      @Nullable String host,
      @Nullable String origin,
      @Nullable String site,
      boolean forwarded) {

    /** From no browser and no proxy. */
    public RequestIdentity(
        @Nullable String authorization,
        String peer,
        @Nullable String host,
        @Nullable String origin) {
      this(authorization, peer, host, origin, null, false);
    }
  }

  /** Somebody is not let in. */
  public static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Why why;

    /** Why, in the terms of HTTP. */
    public enum Why {
      /** Nobody knows who it is. */
      UNAUTHORIZED,
      /** It is known who it is, and not enough. */
      FORBIDDEN,
      /** Too often. */
      TOO_MANY,
      /** It cannot be told now who it is. */
      UNAVAILABLE
    }

    RefusedException(Why why, String message) {
      super(message);
      this.why = why;
    }

    /** Why. */
    public Why why() {
      return why;
    }
  }

  /**
   * A gate.
   *
   * @param tokenVerifier null lets in this machine alone
   */
  public Authenticator(@Nullable TokenVerifier tokenVerifier, RateLimit rate) {
    this(tokenVerifier, rate, new RateLimit(0, System::nanoTime));
  }

  /**
   * A gate.
   *
   * @param tokenVerifier null lets in this machine alone
   * @param within for what one instance asks another on a caller's behalf
   */
  public Authenticator(@Nullable TokenVerifier tokenVerifier, RateLimit rate, RateLimit within) {
    this.tokenVerifier = tokenVerifier;
    this.rate = rate;
    this.within = within;
  }

  /**
   * As it is configured.
   *
   * @throws InvalidConfigException when a setting is missing, or a file cannot be used
   */
  public static Authenticator of(SluiceConfig config) {
    var all = new ArrayList<TokenVerifier>();
    var file = config.find(ApiKeys.AUTH_FILE);
    if (file != null) {
      all.add(new TokenFile(file, Instant::now));
    }
    var jwks = config.find(ApiKeys.AUTH_JWKS);
    if (jwks != null) {
      var provider = provider(config, jwks);
      warn(jwks, provider.trouble());
      all.add(provider);
    }
    return new Authenticator(
        all.isEmpty() ? null : TokenVerifier.anyOf(List.copyOf(all)),
        new RateLimit(config.get(ApiKeys.RATE), System::nanoTime),
        new RateLimit(
            (double) config.get(ApiKeys.RATE)
                * Math.max(CALLS_MIN, CALLS * config.get(KafkaKeys.ACCESS_PARTITIONS)),
            System::nanoTime));
  }

  private static JwtTokens provider(SluiceConfig config, String jwks) {
    var issuer = config.find(ApiKeys.AUTH_ISSUER);
    var audience = config.find(ApiKeys.AUTH_AUDIENCE);
    if (issuer == null || audience == null) {
      throw new InvalidConfigException(
          "http.auth.jwks is set, which needs http.auth.issuer and http.auth.audience: without"
              + " them, a token made for another service would be accepted here");
    }
    return new JwtTokens(jwks, issuer, audience, config.get(ApiKeys.AUTH_ROLES_CLAIM));
  }

  /**
   * Whether a request comes from this machine under a name that is not this machine's: as one of a
   * page does whose own name somebody has turned to here.
   */
  public static boolean isRebound(String peer, @Nullable String host) {
    return isLoopback(peer) && !LOOPBACK_NAMES.contains(name(host)) && !isAddress(name(host));
  }

  private static String name(@Nullable String host) {
    return host == null ? "" : host.replaceFirst(":\\d+$", "").toLowerCase(Locale.ROOT);
  }

  private static boolean isAddress(String name) {
    return name.isEmpty() || name.startsWith("[") || name.matches("[0-9.]+");
  }

  /**
   * What is wrong with tokens that are configured.
   *
   * @param text a sentence
   * @param remedy what to do
   */
  public record Problem(String text, String remedy) {}

  /** What is wrong with the tokens that are configured; changes nothing. */
  public static List<Problem> problems(SluiceConfig config) {
    var problems = new ArrayList<Problem>();
    var file = config.find(ApiKeys.AUTH_FILE);
    if (file != null) {
      try {
        new TokenFile(file, Instant::now);
      } catch (InvalidConfigException e) {
        problems.add(
            new Problem(
                String.valueOf(e.getMessage()), "correct the file; `./sluice token` makes lines"));
      }
    }
    var jwks = config.find(ApiKeys.AUTH_JWKS);
    if (jwks != null) {
      keysProblem(config, jwks).ifPresent(text -> problems.add(new Problem(text, KEYS_REMEDY)));
    }
    return problems;
  }

  private static Optional<String> keysProblem(SluiceConfig config, String jwks) {
    try {
      var provider = provider(config, jwks);
      warn(jwks, null);
      return Optional.ofNullable(provider.trouble());
    } catch (InvalidConfigException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static void warn(String jwks, @Nullable String problem) {
    if (problem != null) {
      LOG.warn("no JSON Web Token is accepted until this is corrected: {}", problem);
    }
    var host = jwks.startsWith("http://") ? URI.create(jwks).getHost() : null;
    if (host != null && !isLoopback(host)) {
      LOG.warn(
          "http.auth.jwks is {}, without TLS: an attacker on the network can replace the keys; use"
              + " https://",
          Secrets.url(jwks));
    }
  }

  /** What keeps it from knowing tokens now, or some; null where nothing does. */
  public @Nullable String trouble() {
    return tokenVerifier == null ? null : tokenVerifier.trouble();
  }

  /** Whether it knows tokens; else it lets in this machine alone. */
  public boolean hasTokens() {
    return tokenVerifier != null;
  }

  /**
   * Lets somebody in.
   *
   * @param role what they want to do
   * @param counts whether it counts as one of the caller's requests; what one instance asks another
   *     was counted before, and has a rate of its own
   * @throws RefusedException when not
   */
  public Caller admit(RequestIdentity requestIdentity, Role role, boolean counts)
      throws RefusedException {
    var known = tokenVerifier;
    var caller =
        known == null ? local(requestIdentity) : bearer(known, requestIdentity.authorization());
    if (!caller.may(role)) {
      throw new RefusedException(
          RefusedException.Why.FORBIDDEN,
          "the token of %s lacks the role %s".formatted(caller.name(), role));
    }
    if (!(counts ? rate : within).take(caller.name())) {
      throw new RefusedException(
          RefusedException.Why.TOO_MANY, "too many requests of " + caller.name());
    }
    return caller;
  }

  private static Caller local(RequestIdentity requestIdentity) throws RefusedException {
    // A page that somebody's browser has open must not ask in their place, whatever name it has
    // made for this machine.
    if (!isLoopback(requestIdentity.peer())
        || !LOOPBACK_NAMES.contains(name(requestIdentity.host()))
        || !isOwn(requestIdentity)
        || requestIdentity.forwarded()) {
      throw new RefusedException(
          RefusedException.Why.FORBIDDEN,
          "without http.auth.file or http.auth.jwks, only programs on the worker's own machine, at"
              + " localhost, and the worker's own console page are accepted");
    }
    return LOCAL;
  }

  /** Whether no page asks, or one that came from where it asks. */
  private static boolean isOwn(RequestIdentity requestIdentity) {
    var origin = requestIdentity.origin();
    if (requestIdentity.site() != null && !OWN_SITES.contains(requestIdentity.site())) {
      return false;
    }
    return origin == null
        || origin.equals("http://" + requestIdentity.host())
        || origin.equals("https://" + requestIdentity.host());
  }

  private static boolean isLoopback(String peer) {
    try {
      // An address, so that no name is looked up.
      return InetAddress.getByName(peer).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private Caller bearer(TokenVerifier known, @Nullable String authorization)
      throws RefusedException {
    if (authorization == null || !authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
      throw unauthorized("send a token: Authorization: Bearer TOKEN");
    }
    return switch (known.check(authorization.substring(BEARER.length()).strip())) {
      case TokenCheck.Known found -> found.caller();
      case TokenCheck.Expired expired -> throw unauthorized("the token has expired");
      case TokenCheck.Unavailable unavailable ->
          throw new RefusedException(
              RefusedException.Why.UNAVAILABLE,
              "the keys that check tokens are unavailable now; see the worker's log");
      case TokenCheck.Unknown unknown -> throw unauthorized("the token is unknown");
    };
  }

  private static RefusedException unauthorized(String message) {
    return new RefusedException(RefusedException.Why.UNAUTHORIZED, message);
  }
}
