package dev.sluice.config;

import dev.sluice.limits.SizeLimits;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.streams.state.HostInfo;

/** Settings of queries and events over HTTP. */
public final class ApiKeys {
  static final SettingGroup GROUP = new SettingGroup("API");

  private static final Pattern ORIGIN = Pattern.compile("https?://[^/\\s,]+");
  private static final Pattern ADDRESS = Pattern.compile("(\\[[0-9a-fA-F:]+]|[^:\\s]+):\\d{1,5}");
  private static final int TIMEOUT_MS_MAX = 60_000;
  private static final int PORT_MAX = 65_535;
  private static final Password NO_PASSWORD = new Password("");

  public static final Setting<HostInfo> ADVERTISED_ADDRESS =
      GROUP
          .text("http.advertised.address", null)
          .allowed(
              new SettingValidator(
                  "host:port, with a port from 1 to 65535", value -> isAddress(value.toString())))
          .as(HostInfo::buildFromEndpoint)
          .doc(
              "The host:port at which other workers of the same `application.id` reach this"
                  + " worker's `http.port`. They forward a query here when this worker holds the"
                  + " state. A single worker needs none.");

  public static final Setting<Path> AUTH_FILE =
      GROUP
          .file("http.auth.file")
          .doc(
              "The file of accepted tokens, as `./sluice token` makes them; a changed file is read"
                  + " again. Without it and without `http.auth.jwks`, `/v1` accepts calls from this"
                  + " machine only.");

  public static final Setting<String> AUTH_JWKS =
      GROUP
          .text("http.auth.jwks", null)
          .allowed(SettingValidator.anything("the path or the URL of a JWKS"))
          .doc(
              "The key set, a file or a URL, of the identity provider whose JSON Web Tokens are"
                  + " accepted. Needs `http.auth.issuer` and `http.auth.audience`.");

  public static final Setting<String> AUTH_ISSUER =
      GROUP
          .text("http.auth.issuer", null)
          .allowed(SettingValidator.anything("an issuer"))
          .doc("The required `iss` of a JSON Web Token.");

  public static final Setting<String> AUTH_AUDIENCE =
      GROUP
          .text("http.auth.audience", null)
          .allowed(SettingValidator.anything("an audience"))
          .doc("The required `aud` of a JSON Web Token.");

  public static final Setting<String> AUTH_ROLES_CLAIM =
      GROUP
          .text("http.auth.roles.claim", "roles")
          .allowed(SettingValidator.anything("a claim's name"))
          .doc(
              "The claim of a JSON Web Token that names its roles: `read`, `publish`,"
                  + " `publish-users`, `admin`.");

  public static final Setting<Integer> RATE =
      GROUP
          .integer("http.rate.per.second", 100)
          .between(0, 1_000_000)
          .doc(
              "Maximum rate of requests to `/v1` for each caller, in requests per second; 0 for no"
                  + " limit.");

  public static final Setting<Long> BODY_BYTES_MAX =
      GROUP
          .number("http.body.bytes.max", SizeLimits.HTTP_BODY)
          .between(1, SizeLimits.HTTP_BODY_MAX)
          .doc(
              "Maximum size of a request's body, in bytes. One event (a line of the body, or the"
                  + " whole body) may always have 1,048,576 bytes, in a preview"
                  + " too.");

  public static final Setting<Integer> PAGE_MAX =
      GROUP
          .integer("http.page.max", 1_000)
          .between(1, 10_000)
          .doc("Maximum number of items in a page of a list.");

  public static final Setting<Duration> QUERY_TIMEOUT =
      GROUP
          .millis("http.query.timeout.ms", 5_000)
          .between(1, TIMEOUT_MS_MAX)
          .doc("Maximum time of a query, in milliseconds.");

  public static final Setting<Duration> EVENTS_TIMEOUT =
      GROUP
          .millis("http.events.timeout.ms", 10_000)
          .between(500, TIMEOUT_MS_MAX)
          .doc(
              "Maximum time of `POST /v1/events`, in milliseconds, until Kafka has the events. It"
                  + " includes waiting for other calls, for the schema registry and for Kafka.");

  public static final Setting<URI> DELIVERY_URL =
      GROUP
          .text("delivery.url", null)
          .allowed(
              new SettingValidator(
                  "an address like https://delivery.example.com:8080, without a path",
                  value -> ORIGIN.matcher(value.toString()).matches()))
          .as(URI::create)
          .doc(
              "The address of a process that runs `./sluice delivery`, for a worker without"
                  + " delivery in its own process. The worker passes questions about delivery on to"
                  + " it, with the caller's token.");

  public static final Setting<List<String>> CORS_ORIGINS =
      GROUP
          .list("http.cors.origins", null)
          .allowed(SettingValidator.listOf("origins like https://console.example.com", ORIGIN))
          .orElse(List.of())
          .doc(
              "The origins, separated by commas, whose pages may call `/v1` from a browser, like"
                  + " https://console.example.com; no origin when not set.");

  public static final Setting<Path> TLS_KEYSTORE =
      GROUP
          .file("http.tls.keystore")
          .doc("A PKCS#12 file with key and certificate. With it, the port accepts HTTPS only.");

  public static final Setting<Password> TLS_KEYSTORE_PASSWORD =
      GROUP
          .secret("http.tls.keystore.password")
          .allowed(SettingValidator.anything("a password"))
          .orElse(NO_PASSWORD)
          .doc("The password of that file.");

  public static final Setting<Path> TLS_TRUSTSTORE =
      GROUP
          .file("http.tls.truststore")
          .doc(
              "A PKCS#12 file with the certificates that other workers' certificates are checked"
                  + " against; Java's own when not set.");

  public static final Setting<Password> TLS_TRUSTSTORE_PASSWORD =
      GROUP
          .secret("http.tls.truststore.password")
          .allowed(SettingValidator.anything("a password"))
          .orElse(NO_PASSWORD)
          .doc("The password of that file.");

  private ApiKeys() {}

  private static boolean isAddress(String value) {
    return ADDRESS.matcher(value).matches() && hasPort(value);
  }

  /** Returns whether an address ends with a valid port. */
  static boolean hasPort(String address) {
    var port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    return port >= 1 && port <= PORT_MAX;
  }
}
