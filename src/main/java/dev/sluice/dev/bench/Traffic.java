package dev.sluice.dev.bench;

import dev.sluice.client.EventPublisher;
import dev.sluice.config.SluiceConfig;
import dev.sluice.event.ApprovalPolicy;
import dev.sluice.event.DataSource;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import dev.sluice.event.UserEvent;
import dev.sluice.event.UserPayload;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Publishes a measurement's events. For one thread. */
final class Traffic implements AutoCloseable {
  private final EventPublisher publisher;
  private long events;

  Traffic(SluiceConfig config) {
    publisher = new EventPublisher(config);
  }

  /** Publishes a product with these sources. */
  void published(String productId, List<Integer> sources) {
    published(productId, sources, null);
  }

  private void published(String productId, List<Integer> sources, @Nullable ApprovalPolicy policy) {
    var given = sources.stream().map(i -> new DataSource(Names.source(i), "Snowflake")).toList();
    send(
        productId,
        new Payload.ProductPublished(productId, null, List.of(), given, policy, List.of(), null));
  }

  /** Publishes a product whose requests wait for an approver. */
  void publishedWithPolicy(String productId, List<Integer> sources) {
    var approver = new ApprovalPolicy.Approver("USER", "approver@example.org", null);
    var policy =
        new ApprovalPolicy(
            null, List.of(), null, List.of(new ApprovalPolicy.Stage("owner", List.of(approver))));
    published(productId, sources, policy);
  }

  /** Requests access for a user; returns the request's id. */
  String requested(String productId, long user) {
    var requestId = "request-" + productId + "-" + events;
    send(productId, new Payload.AccessRequested(requestId, Names.user(user), true, Map.of()));
    return requestId;
  }

  /** Approves a user as a member. */
  void approved(String productId, long user) {
    var requestId = "request-" + productId + "-" + events;
    send(productId, new Payload.AccessApproved(requestId, Names.user(user), "bench", null));
  }

  /** Suspends the product; returns once the event has left Kafka's client. */
  void suspended(String productId) {
    send(productId, new Payload.ProductSuspended(null));
    flush();
  }

  /** Resumes the product. */
  void resumed(String productId) {
    send(productId, new Payload.ProductResumed(null));
    flush();
  }

  /** Deactivates a user, or makes the user active again. */
  void turned(long user, boolean active) {
    publisher.send(
        new UserEvent(
            "00000000-0000-4000-8000-%012d".formatted(events++),
            Names.user(user),
            (@Nullable Long) null,
            Instant.now(),
            "bench",
            active
                ? new UserPayload.UserReactivated(null)
                : new UserPayload.UserDeactivated(null)));
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

  /** Waits until Kafka has all events. */
  void flush() {
    publisher.flush();
  }

  @Override
  public void close() {
    publisher.close();
  }
}
