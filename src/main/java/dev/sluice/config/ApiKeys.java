package dev.sluice.config;

import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef.Type;

/** Settings about questions and events over HTTP. */
public final class ApiKeys {
  static final String GROUP = "API";

  public static final String ADVERTISED_ADDRESS_CONFIG = "http.advertised.address";
  static final String ADVERTISED_ADDRESS_DOC =
      "Where the other workers of the same `application.id` reach this one's `http.port`, as"
          + " host:port: a question about state that another worker holds is asked there. One"
          + " worker alone needs none.";

  public static final String AUTH_FILE_CONFIG = "http.auth.file";
  static final String AUTH_FILE_DOC =
      "The file of tokens that are taken, as `./sluice token` makes them; it is read again when it"
          + " changes. Without it and without `http.auth.jwks`, `/v1` answers this machine alone.";

  public static final String AUTH_JWKS_CONFIG = "http.auth.jwks";
  static final String AUTH_JWKS_DOC =
      "The key set, a file or a URL, of the identity provider whose JSON Web Tokens are taken."
          + " Needs `http.auth.issuer` and `http.auth.audience`.";

  public static final String AUTH_ISSUER_CONFIG = "http.auth.issuer";
  static final String AUTH_ISSUER_DOC = "The `iss` that a JSON Web Token must have.";

  public static final String AUTH_AUDIENCE_CONFIG = "http.auth.audience";
  static final String AUTH_AUDIENCE_DOC = "The `aud` that a JSON Web Token must have.";

  public static final String AUTH_ROLES_CLAIM_CONFIG = "http.auth.roles.claim";
  static final String AUTH_ROLES_CLAIM_DEFAULT = "roles";
  static final String AUTH_ROLES_CLAIM_DOC =
      "The claim of a JSON Web Token that names its roles: `read`, `publish`, `admin`.";

  public static final String RATE_CONFIG = "http.rate.per.second";
  static final int RATE_DEFAULT = 100;
  static final String RATE_DOC =
      "How many requests a second a caller may make of `/v1` in the long run; 0 for any number.";

  public static final String BODY_BYTES_MAX_CONFIG = "http.body.bytes.max";
  static final long BODY_BYTES_MAX_DEFAULT = 8L << 20;
  static final String BODY_BYTES_MAX_DOC =
      "How large a request's body may be, in bytes. One event, which is a line of it or the whole,"
          + " may have 1,048,576 whatever this is; so may the question what an event would do.";

  public static final String PAGE_MAX_CONFIG = "http.page.max";
  static final int PAGE_MAX_DEFAULT = 1_000;
  static final String PAGE_MAX_DOC = "How many items a page of a list has at most.";

  public static final String QUERY_TIMEOUT_MS_CONFIG = "http.query.timeout.ms";
  static final long QUERY_TIMEOUT_MS_DEFAULT = 5_000;
  static final String QUERY_TIMEOUT_MS_DOC =
      "How long a question may take, in milliseconds, before it is given up.";

  public static final String EVENTS_TIMEOUT_MS_CONFIG = "http.events.timeout.ms";
  static final long EVENTS_TIMEOUT_MS_DEFAULT = 10_000;
  static final String EVENTS_TIMEOUT_MS_DOC =
      "How long `POST /v1/events` may take, in milliseconds, until Kafka has the events: waiting"
          + " for other calls, for the schema registry and for Kafka together.";

  public static final String CORS_ORIGINS_CONFIG = "http.cors.origins";
  static final String CORS_ORIGINS_DOC =
      "The origins, separated by commas, whose pages may ask `/v1` from a browser, like"
          + " https://console.example.com; none when it is not set.";

  public static final String TLS_KEYSTORE_CONFIG = "http.tls.keystore";
  static final String TLS_KEYSTORE_DOC =
      "A PKCS#12 file with key and certificate: the port then speaks HTTPS alone.";

  public static final String TLS_KEYSTORE_PASSWORD_CONFIG = "http.tls.keystore.password";
  static final String TLS_KEYSTORE_PASSWORD_DOC = "That file's password.";

  public static final String TLS_TRUSTSTORE_CONFIG = "http.tls.truststore";
  static final String TLS_TRUSTSTORE_DOC =
      "A PKCS#12 file with the certificates by which other workers are known; Java's own without.";

  public static final String TLS_TRUSTSTORE_PASSWORD_CONFIG = "http.tls.truststore.password";
  static final String TLS_TRUSTSTORE_PASSWORD_DOC = "That file's password.";

  private static final Pattern ORIGIN = Pattern.compile("https?://[^/\\s,]+");
  private static final Pattern ADDRESS = Pattern.compile("(\\[[0-9a-fA-F:]+]|[^:\\s]+):\\d{1,5}");
  private static final int RATE_MAX = 1_000_000;
  private static final int PAGE_LIMIT = 10_000;
  private static final long BODY_BYTES_LIMIT = 64L << 20;
  private static final int TIMEOUT_MS_MAX = 60_000;
  private static final int PORT_MAX = 65_535;
  private static final int EVENTS_TIMEOUT_MS_MIN = 500;

  private ApiKeys() {}

  private static boolean isAddress(String value) {
    if (!ADDRESS.matcher(value).matches()) {
      return false;
    }
    return hasPort(value);
  }

  /** Whether the number that an address ends with is that of a port. */
  static boolean hasPort(String address) {
    var port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    return port >= 1 && port <= PORT_MAX;
  }

  static void define(SluiceConfigDef def) {
    def.group(GROUP)
        .add(
            ADVERTISED_ADDRESS_CONFIG,
            Type.STRING,
            null,
            new Allowed(
                "host:port, with a port from 1 to 65535", value -> isAddress(value.toString())),
            ADVERTISED_ADDRESS_DOC)
        .add(
            AUTH_FILE_CONFIG,
            Type.STRING,
            null,
            Allowed.anything("the path of a file"),
            AUTH_FILE_DOC)
        .add(
            AUTH_JWKS_CONFIG,
            Type.STRING,
            null,
            Allowed.anything("the path or the URL of a JWKS"),
            AUTH_JWKS_DOC)
        .add(AUTH_ISSUER_CONFIG, Type.STRING, null, Allowed.anything("an issuer"), AUTH_ISSUER_DOC)
        .add(
            AUTH_AUDIENCE_CONFIG,
            Type.STRING,
            null,
            Allowed.anything("an audience"),
            AUTH_AUDIENCE_DOC)
        .add(
            AUTH_ROLES_CLAIM_CONFIG,
            Type.STRING,
            AUTH_ROLES_CLAIM_DEFAULT,
            Allowed.anything("a claim's name"),
            AUTH_ROLES_CLAIM_DOC)
        .add(RATE_CONFIG, Type.INT, RATE_DEFAULT, Allowed.between(0, RATE_MAX), RATE_DOC)
        .add(
            BODY_BYTES_MAX_CONFIG,
            Type.LONG,
            BODY_BYTES_MAX_DEFAULT,
            Allowed.between(1, BODY_BYTES_LIMIT),
            BODY_BYTES_MAX_DOC)
        .add(
            PAGE_MAX_CONFIG,
            Type.INT,
            PAGE_MAX_DEFAULT,
            Allowed.between(1, PAGE_LIMIT),
            PAGE_MAX_DOC)
        .add(
            QUERY_TIMEOUT_MS_CONFIG,
            Type.LONG,
            QUERY_TIMEOUT_MS_DEFAULT,
            Allowed.between(1, TIMEOUT_MS_MAX),
            QUERY_TIMEOUT_MS_DOC)
        .add(
            EVENTS_TIMEOUT_MS_CONFIG,
            Type.LONG,
            EVENTS_TIMEOUT_MS_DEFAULT,
            Allowed.between(EVENTS_TIMEOUT_MS_MIN, TIMEOUT_MS_MAX),
            EVENTS_TIMEOUT_MS_DOC)
        .add(
            CORS_ORIGINS_CONFIG,
            Type.LIST,
            null,
            Allowed.listOf("origins like https://console.example.com", ORIGIN),
            CORS_ORIGINS_DOC)
        .add(
            TLS_KEYSTORE_CONFIG,
            Type.STRING,
            null,
            Allowed.anything("the path of a file"),
            TLS_KEYSTORE_DOC)
        .add(
            TLS_KEYSTORE_PASSWORD_CONFIG,
            Type.PASSWORD,
            null,
            Allowed.anything("a password"),
            TLS_KEYSTORE_PASSWORD_DOC)
        .add(
            TLS_TRUSTSTORE_CONFIG,
            Type.STRING,
            null,
            Allowed.anything("the path of a file"),
            TLS_TRUSTSTORE_DOC)
        .add(
            TLS_TRUSTSTORE_PASSWORD_CONFIG,
            Type.PASSWORD,
            null,
            Allowed.anything("a password"),
            TLS_TRUSTSTORE_PASSWORD_DOC);
  }
}
