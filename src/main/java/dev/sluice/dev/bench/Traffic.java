package dev.sluice.dev.bench;

import dev.sluice.client.EventPublisher;
import dev.sluice.config.SluiceConfig;
import dev.sluice.event.DataSource;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Publishes a measurement's events. For one thread. */
final class Traffic implements AutoCloseable {
  private final EventPublisher publisher;
  private long events;

  Traffic(SluiceConfig config) {
    publisher = new EventPublisher(config);
  }

  /** A product with the sources of those numbers. */
  void published(String productId, List<Integer> sources) {
    var given = sources.stream().map(i -> new DataSource(Names.source(i), "Snowflake")).toList();
    send(
        productId,
        new Payload.ProductPublished(productId, null, List.of(), given, null, List.of(), null));
  }

  /** The user of that number becomes a member. */
  void approved(String productId, long user) {
    var requestId = "request-" + productId + "-" + events;
    send(productId, new Payload.AccessApproved(requestId, Names.user(user), "bench", null));
  }

  /** All members lose what the product gives, and it has left Kafka's client when this returns. */
  void suspended(String productId) {
    send(productId, new Payload.ProductSuspended(null));
    flush();
  }

  /** All members gain it again. */
  void resumed(String productId) {
    send(productId, new Payload.ProductResumed(null));
    flush();
  }

  private void send(String productId, Payload payload) {
    publisher.send(
        new ProductEvent(
            "00000000-0000-4000-8000-%012d".formatted(events++),
            productId,
            (@Nullable Long) null,
            Instant.now(),
            "bench",
            payload));
  }

  /** Waits until Kafka has all. */
  void flush() {
    publisher.flush();
  }

  @Override
  public void close() {
    publisher.close();
  }
}
