package dev.sluice.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.text.Cut;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to a registry's URLs in turn, beginning with the one that answered last, until one
 * gives a valid answer of a registry.
 */
final class RegistryHttp implements AutoCloseable {
  private static final int PASSES = 3;

  /**
   * Maximum size of an answer; larger than any registry's, since registries store schemas in Kafka
   * records.
   */
  static final int ANSWER_BYTES_MAX = 4 << 20;

  private static final String TRUSTSTORE = "schema.registry.ssl.truststore.location";
  private static final String KEYSTORE = "schema.registry.ssl.keystore.location";

  /** Remedy for a schema that is incompatible with others. */
  private static final String CONFLICT =
      "; not all schemas of the subject are Sluice's, or one has an incompatible"
          + " version: check the subject's versions in the registry, then remove those that"
          + " are not Sluice's, or give Sluice its own topics with topic.prefix";

  private static final int TEXT_MAX = 1_000;
  private static final Duration BACK_OFF = Duration.ofMillis(100);
  private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A request.
   *
   * @param purpose ends the sentence "the registry refused to"
   * @param path below the base URL
   * @param body null for GET
   * @param expected distinguishes a registry's answer from another server's
   */
  record Call(
      String purpose,
      Method method,
      String path,
      @Nullable String body,
      Predicate<JsonNode> expected) {

    static Call get(String purpose, String path, Predicate<JsonNode> expected) {
      return new Call(purpose, Method.GET, path, null, expected);
    }
  }

  enum Method {
    GET,
    POST,
    PUT
  }

  /** One URL without a usable answer. */
  private static final class Outage extends Exception {
    private static final long serialVersionUID = 1L;

    /** Whether the same request may succeed a moment later. */
    final boolean passing;

    Outage(String problem, boolean passing, @Nullable Throwable cause) {
      super(problem, cause);
      this.passing = passing;
    }
  }

  private final List<RegistryEndpoint> endpoints;
  private final Duration timeout;
  private final HttpClient client;
  private volatile int preferred;

  /**
   * Creates a client; makes no request yet.
   *
   * @param tls null for Java's defaults
   */
  RegistryHttp(List<RegistryEndpoint> endpoints, Duration timeout, @Nullable SSLContext tls) {
    this.endpoints = List.copyOf(endpoints);
    this.timeout = timeout;
    // Redirects are not followed: they would carry the credentials to another host.
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(timeout)
            .followRedirects(HttpClient.Redirect.NEVER);
    if (tls != null) {
      builder.sslContext(tls);
    }
    this.client = builder.build();
  }

  /**
   * Returns the registry's answer with status 200.
   *
   * @throws RegistryUnavailableException if no URL gave a usable answer in {@value #PASSES} passes
   *     over them
   * @throws SchemaNotFoundException if the registry does not have the requested object; every URL
   *     is tried first, since one may lag behind another
   * @throws IncompatibleSchemaException if the registry refused a schema
   * @throws SerializationException if it refused a PUT
   */
  JsonNode send(Call call) {
    Map<String, String> problems = new LinkedHashMap<>();
    Throwable cause = null;
    boolean goOn = true;
    SchemaNotFoundException notFound = null;
    for (int pass = 1; goOn && pass <= PASSES; pass++) {
      goOn = pass == 1 || pause(pass - 1);
      boolean passing = false;
      int first = preferred;
      for (int i = 0; goOn && i < endpoints.size(); i++) {
        int index = (first + i) % endpoints.size();
        RegistryEndpoint endpoint = endpoints.get(index);
        try {
          JsonNode answer = ask(endpoint, call);
          preferred = index;
          return answer;
        } catch (SchemaNotFoundException unknown) {
          if (call.method() != Method.GET) {
            preferred = index;
            throw unknown;
          }
          notFound = notFound == null ? unknown : notFound;
        } catch (SerializationException refusal) {
          preferred = index;
          throw refusal;
        } catch (Outage outage) {
          problems.put(endpoint.base(), String.valueOf(outage.getMessage()));
          cause = outage.getCause();
          passing |= outage.passing;
          goOn = !Thread.currentThread().isInterrupted();
        }
      }
      if (notFound != null) {
        throw notFound;
      }
      goOn &= passing;
    }
    throw new RegistryUnavailableException(
        "The schema registry is unavailable ("
            + RegistryConfig.URL
            + "): "
            + problems.entrySet().stream()
                .map(problem -> problem.getKey() + ": " + problem.getValue())
                .collect(Collectors.joining("; ")),
        cause);
  }

  private JsonNode ask(RegistryEndpoint endpoint, Call call) throws Outage {
    HttpResponse<byte[]> response = exchange(request(endpoint, call));
    int status = response.statusCode();
    if (status == 401 || status == 403) {
      throw new Outage(
          "HTTP %d: the credentials are missing, wrong or lack permission; check %s and %s, or %s"
              .formatted(
                  status,
                  RegistryConfig.CREDENTIALS_SOURCE,
                  RegistryConfig.USER_INFO,
                  RegistryConfig.BEARER_TOKEN),
          false,
          null);
    }
    if (status == 429 || status >= 500) {
      throw new Outage(
          "HTTP %d: the registry is overloaded or broken; look at its log".formatted(status),
          true,
          null);
    }
    JsonNode answer = json(response.body());
    if (status == 200 && answer != null && call.expected().test(answer)) {
      return answer;
    }
    if (answer != null && answer.path("error_code").canConvertToInt()) {
      int errorCode = answer.path("error_code").asInt();
      String refusal =
          "The schema registry refused to %s: %s (error code %d)"
              .formatted(
                  call.purpose(), cut(answer.path("message").asText("no reason")), errorCode);
      if (status == 404 && SchemaNotFoundException.isCode(errorCode)) {
        throw new SchemaNotFoundException(errorCode, refusal);
      }
      // For a GET, these statuses give no information about the requested object.
      if (call.method() == Method.POST && (status == 409 || status == 422)) {
        throw new IncompatibleSchemaException(status == 409 ? refusal + CONFLICT : refusal);
      }
      if (call.method() == Method.PUT) {
        throw new SerializationException(refusal);
      }
    }
    throw new Outage(
        "HTTP %d without an answer that a schema registry gives; check that the URL and its path"
                .formatted(status)
            + " are those of a registry",
        true,
        null);
  }

  /** Cuts refusals, since they are cached. */
  private static String cut(String text) {
    return Cut.to(text, TEXT_MAX);
  }

  private HttpRequest request(RegistryEndpoint endpoint, Call call) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint.resolve(call.path()))
            .header("Accept", CONTENT_TYPE + ", application/json");
    String authorization = endpoint.authorization();
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    String body = call.body();
    if (body != null) {
      request
          .header("Content-Type", CONTENT_TYPE)
          .method(call.method().name(), BodyPublishers.ofString(body, StandardCharsets.UTF_8));
    }
    return request.build();
  }

  /** Waits here rather than in the client, whose timeout ends when the body begins. */
  private HttpResponse<byte[]> exchange(HttpRequest request) throws Outage {
    CompletableFuture<HttpResponse<byte[]>> response =
        client.sendAsync(request, answer -> new BoundedBody(ANSWER_BYTES_MAX));
    try {
      return response.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      response.cancel(true);
      Thread.currentThread().interrupt();
      throw new Outage("interrupted while waiting for the answer", false, e);
    } catch (TimeoutException e) {
      response.cancel(true);
      throw new Outage(noAnswer(), true, e);
    } catch (ExecutionException e) {
      Throwable failure = e.getCause();
      // This client does not accept the server's certificate.
      throw has(failure, CertificateException.class)
          ? new Outage(
              "the registry's certificate is not accepted (%s); check that the URL has the name in"
                      .formatted(failure)
                  + " the certificate, and that "
                  + TRUSTSTORE
                  + " holds who signed it",
              false,
              failure)
          : new Outage(message(failure, request), true, failure);
    }
  }

  private static boolean has(@Nullable Throwable failure, Class<? extends Throwable> kind) {
    for (Throwable e = failure; e != null; e = e.getCause()) {
      if (kind.isInstance(e)) {
        return true;
      }
    }
    return false;
  }

  private String message(@Nullable Throwable failure, HttpRequest request) {
    if (failure instanceof HttpTimeoutException) {
      return noAnswer();
    }
    if (failure instanceof ConnectException) {
      return "no connection; check that the host and port are right and the registry runs";
    }
    if (has(failure, SSLException.class)) {
      return ("no TLS connection (%s); check that the registry speaks TLS at this port, and whether"
              + " it asks for a certificate of ours (%s)")
          .formatted(failure, KEYSTORE);
    }
    var failed = "the connection failed (" + failure + "); check that the registry runs";
    // A server that refuses this client for want of a certificate may close the connection before
    // its reason has arrived.
    return "https".equals(request.uri().getScheme())
        ? failed + ", and whether it asks for a certificate of ours (" + KEYSTORE + ")"
        : failed;
  }

  private String noAnswer() {
    return "no answer within %d ms; check that the registry runs, or raise %s"
        .formatted(timeout.toMillis(), RegistryConfig.REQUEST_TIMEOUT_MS);
  }

  private static @Nullable JsonNode json(byte[] body) {
    try {
      JsonNode answer = JSON.readTree(body);
      return answer.isObject() ? answer : null;
    } catch (IOException e) {
      return null;
    }
  }

  /** Returns false if the thread was interrupted. */
  private static boolean pause(int times) {
    try {
      Thread.sleep(BACK_OFF.multipliedBy(times));
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
