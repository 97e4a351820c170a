package dev.sluice.http;

import dev.sluice.auth.Authenticator;
import dev.sluice.config.SluiceConfig;
import dev.sluice.query.QueryGateway;
import dev.sluice.query.shard.OpenDeliveryTasks;
import dev.sluice.worker.Delivery;
import java.net.http.HttpClient;

/** The HTTP API of delivery in a process of its own: questions about outstanding commands. */
public final class DeliveryApi implements AutoCloseable {
  private final Authenticator authenticator;
  private final HttpClient client;
  private final QueryGateway queryGateway;
  private final Endpoint endpoint;

  /** Creates the API before delivery runs. */
  public DeliveryApi(SluiceConfig config, ApiObserver observer) {
    authenticator = Api.authenticator(config);
    client = Api.client(config);
    queryGateway = new QueryGateway(config, client);
    var guard = new ApiGuard(authenticator, observer);
    endpoint =
        Endpoint.all(
            new DeliveryEndpoint(config, queryGateway, guard, true, null),
            new PartEndpoint(queryGateway, guard));
  }

  /** Returns whether all configured tokens can be checked now. */
  public boolean knowsTokens() {
    return authenticator.trouble() == null;
  }

  /** Returns the listener to the tasks of delivery; to be set before it starts. */
  public OpenDeliveryTasks taskListener() {
    return queryGateway.deliveryTaskListener();
  }

  /** Returns the routes of the API. */
  public Endpoint endpoint() {
    return endpoint;
  }

  /** Connects the API to started delivery. */
  public void serve(Delivery delivery) {
    queryGateway.serveDelivery(delivery.streams(), delivery.partitions());
  }

  @Override
  public void close() {
    queryGateway.close();
    client.shutdownNow();
  }
}
