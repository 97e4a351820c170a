package dev.sluice.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.sluice.delivery.DeliveryFilter;
import dev.sluice.query.QueryGateway.Asked;
import dev.sluice.query.QueryGateway.BusyException;
import dev.sluice.query.model.ApiModel.DeliveryView;
import dev.sluice.query.model.DeliveryViews.OfUser;
import dev.sluice.query.shard.Deadline;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Passes questions about outstanding commands on to a delivery process, with the caller's token.
 *
 * @param client the worker's client
 * @param url the address of the delivery process, without a slash at the end
 */
public record DeliveryForwarding(HttpClient client, URI url) implements DeliverySource {

  /** Path of the list. */
  public static final String LIST = "/v1/deliveries";

  /** Header of a question that was passed on, which is not passed on again. */
  public static final String HEADER = "Sluice-Forwarded";

  private static final String PROBLEM = "application/problem+json";

  private static final int OK = 200;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .addModule(new SimpleModule().addDeserializer(Instant.class, new InstantIn()))
          .build();

  /**
   * An answer of the delivery process.
   *
   * @param isProblem whether its body is a problem
   */
  public record Reply(int status, boolean isProblem, byte[] body) {}

  /** A page as it is read; a newer delivery process may add fields. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  private record PageIn(List<DeliveryView> items, @Nullable String next) {}

  /**
   * Passes on a question.
   *
   * @param pathAndQuery as the caller has written it
   * @throws BusyException if the delivery process does not answer
   */
  public Reply pass(String pathAndQuery, @Nullable String authorization, Duration timeout) {
    var request =
        HttpRequest.newBuilder(URI.create(url + pathAndQuery))
            .timeout(timeout)
            .header(HEADER, "true")
            .GET();
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    try {
      var answer = client.send(request.build(), BodyHandlers.ofByteArray());
      return new Reply(
          answer.statusCode(),
          answer.headers().firstValue("Content-Type").orElse("").startsWith(PROBLEM),
          answer.body());
    } catch (IOException e) {
      throw new BusyException(of("does not answer"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BusyException(of("did not answer in time"));
    }
  }

  @Override
  public OfUser ofUser(Asked asked, DeliveryFilter filter, int max, Duration timeout) {
    var query = new StringBuilder("?user=" + encoded(filter.userId()));
    if (!filter.sourceId().isEmpty()) {
      query.append("&source=").append(encoded(filter.sourceId()));
    }
    if (!filter.sourceType().isEmpty()) {
      query.append("&sourceType=").append(encoded(filter.sourceType()));
    }
    if (asked.stale()) {
      query.append("&stale=true");
    }
    var deadline = new Deadline(timeout, System::nanoTime);
    var items = new ArrayList<DeliveryView>();
    var cursor = "";
    while (true) {
      var page = page(LIST + query + cursor, asked.authorization(), deadline.left());
      items.addAll(page.items());
      if (page.next() == null) {
        return new OfUser(items, true);
      }
      if (items.size() >= max || deadline.left().isZero()) {
        return new OfUser(items, false);
      }
      cursor = "&cursor=" + encoded(page.next());
    }
  }

  private PageIn page(String pathAndQuery, @Nullable String authorization, Duration left) {
    var reply = pass(pathAndQuery, authorization, left.isZero() ? Duration.ofMillis(1) : left);
    if (reply.status() != OK) {
      throw new BusyException(of("answered " + reply.status()));
    }
    try {
      return MAPPER.readValue(reply.body(), PageIn.class);
    } catch (IOException e) {
      throw new BusyException(of("answered something else than a list of deliveries"));
    }
  }

  private String of(String what) {
    return "the delivery process at %s (delivery.url) %s".formatted(url, what);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  private static final class InstantIn extends StdDeserializer<Instant> {
    private static final long serialVersionUID = 1L;

    InstantIn() {
      super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser in, DeserializationContext context) throws IOException {
      try {
        return Instant.parse(in.getText());
      } catch (DateTimeException e) {
        throw context.weirdStringException(in.getText(), Instant.class, "no time");
      }
    }
  }
}
