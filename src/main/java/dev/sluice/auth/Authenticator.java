package dev.sluice.auth;

import static java.util.stream.Collectors.joining;

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
 * Authenticates callers. Without token configuration, only loopback clients are accepted, and
 * browser requests only from the console's own origin.
 */
public final class Authenticator {
  private static final Logger LOG = LoggerFactory.getLogger(Authenticator.class);
  private static final String BEARER = "bearer ";
  private static final Caller LOCAL = new Caller("local", Set.of(Role.ADMIN));
  private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

  /** Values of Sec-Fetch-Site for pages of this worker, and for addresses typed by the user. */
  private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

  private static final String KEYS_REMEDY =
      "http.auth.jwks names the provider's key set (JSON), as a file or a URL that this machine"
          + " can reach; set http.auth.issuer and http.auth.audience too";

  /** Maximum number of internal calls per user partition that one query may cause. */
  private static final int CALLS = 4;

  private static final int CALLS_MIN = 16;

  private final @Nullable TokenVerifier tokenVerifier;
  private final RateLimit rate;
  private final RateLimit within;

  /**
   * Identity data of a request.
   *
   * @param authorization the header; null if missing
   * @param peer address of the caller
   * @param host the header Host, which names the server that the caller expects
   * @param origin the header Origin of a browser; null if missing
   * @param site the header Sec-Fetch-Site of a browser, the origin of the calling page; null if
   *     missing
   * @param forwarded whether a proxy forwards the request for another client
   */
  public record RequestIdentity(
      @Nullable String authorization,
      String peer,
      @Nullable String host,
      @Nullable String origin,
      @Nullable String site,
      boolean forwarded) {

    /** Creates the identity of a request that comes from no browser and no proxy. */
    public RequestIdentity(
        @Nullable String authorization,
        String peer,
        @Nullable String host,
        @Nullable String origin) {
      this(authorization, peer, host, origin, null, false);
    }
  }

  /** Thrown if a caller is refused. */
  public static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Why why;

    /** Reason of a refusal, in the terms of HTTP. */
    public enum Why {
      /** The caller is unknown. */
      UNAUTHORIZED,
      /** The caller is known, and lacks the role. */
      FORBIDDEN,
      /** Too many requests. */
      TOO_MANY,
      /** The token cannot be checked now. */
      UNAVAILABLE
    }

    RefusedException(Why why, String message) {
      super(message);
      this.why = why;
    }

    /** Returns the reason. */
    public Why why() {
      return why;
    }
  }

  /**
   * Creates an authenticator.
   *
   * @param tokenVerifier null accepts this machine only
   */
  public Authenticator(@Nullable TokenVerifier tokenVerifier, RateLimit rate) {
    this(tokenVerifier, rate, new RateLimit(0, System::nanoTime));
  }

  /**
   * Creates an authenticator.
   *
   * @param tokenVerifier null accepts this machine only
   * @param within rate limit of calls between workers
   */
  public Authenticator(@Nullable TokenVerifier tokenVerifier, RateLimit rate, RateLimit within) {
    this.tokenVerifier = tokenVerifier;
    this.rate = rate;
    this.within = within;
  }

  /**
   * Creates the configured authenticator.
   *
   * @throws InvalidConfigException if a setting is missing, or a file cannot be used
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
                * (Math.max(CALLS_MIN, CALLS * config.get(KafkaKeys.ACCESS_PARTITIONS))
                    // One for each partition of commands, for what is outstanding.
                    + config.get(KafkaKeys.TOPIC_PARTITIONS)),
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
   * Returns whether a request comes from this machine under a foreign host name, as in DNS
   * rebinding by a web page.
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
   * A problem of the configured tokens.
   *
   * @param text a sentence
   * @param remedy the remedy
   */
  public record Problem(String text, String remedy) {}

  /** Returns the problems of the configured tokens; changes nothing. */
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

  /** Returns why some or all tokens cannot be checked now; null if all can. */
  public @Nullable String trouble() {
    return tokenVerifier == null ? null : tokenVerifier.trouble();
  }

  /** Returns whether tokens are configured; otherwise only this machine is accepted. */
  public boolean hasTokens() {
    return tokenVerifier != null;
  }

  /**
   * Authenticates a caller.
   *
   * @param roles of these the caller needs one
   * @param counts whether the request counts for the caller's rate limit; calls between workers
   *     have a limit of their own
   * @throws RefusedException if the caller is refused
   */
  public Caller admit(RequestIdentity requestIdentity, Set<Role> roles, boolean counts)
      throws RefusedException {
    var known = tokenVerifier;
    var caller =
        known == null ? local(requestIdentity) : bearer(known, requestIdentity.authorization());
    if (!caller.mayAny(roles)) {
      throw new RefusedException(
          RefusedException.Why.FORBIDDEN,
          "the token of %s lacks the role %s"
              .formatted(
                  caller.name(),
                  roles.stream().sorted().map(Role::toString).collect(joining(" or "))));
    }
    if (!(counts ? rate : within).take(caller.name())) {
      throw new RefusedException(
          RefusedException.Why.TOO_MANY, "too many requests of " + caller.name());
    }
    return caller;
  }

  private static Caller local(RequestIdentity requestIdentity) throws RefusedException {
    // A page in the user's browser must not call the API, whatever host name its owner has pointed
    // to this machine.
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

  /** Returns whether the request comes from no page, or from a page of the same origin. */
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
      // A literal address, so that no name is resolved.
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
