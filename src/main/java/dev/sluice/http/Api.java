package dev.sluice.http;

import dev.sluice.auth.Authenticator;
import dev.sluice.client.EventBatchWriter;
import dev.sluice.config.ApiKeys;
import dev.sluice.config.DeliveryKeys;
import dev.sluice.config.SluiceConfig;
import dev.sluice.query.DeliveryForwarding;
import dev.sluice.query.DeliveryNotes;
import dev.sluice.query.LiveOverview;
import dev.sluice.query.LiveOverviewReader;
import dev.sluice.query.QueryGateway;
import dev.sluice.query.shard.OpenDeliveryTasks;
import dev.sluice.query.shard.OpenProductTasks;
import dev.sluice.worker.Delivery;
import dev.sluice.worker.Worker;
import java.net.http.HttpClient;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP API: queries, event intake, and their resources. */
public final class Api implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Api.class);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  private final Authenticator authenticator;
  private final HttpClient client;
  private final QueryGateway queryGateway;
  private final @Nullable DeliveryNotes notes;
  private final EventBatchWriter intake;
  private final LiveStream live;
  private final Endpoint endpoint;

  private Api(SluiceConfig config, ApiObserver observer) {
    authenticator = authenticator(config);
    client = client(config);
    queryGateway = new QueryGateway(config, client);
    intake = new EventBatchWriter(config);
    var overview = new LiveOverviewReader(config, queryGateway);
    live = new LiveStream(new LiveOverview(overview, System::currentTimeMillis));
    var guard = new ApiGuard(authenticator, observer);
    var isHere = config.get(DeliveryKeys.ENABLED);
    var forwarding = isHere ? null : forwarding(config, client);
    notes = notes(isHere, forwarding);
    endpoint =
        Endpoint.all(
            new ApiEndpoint(config, queryGateway, intake, live, guard, notes),
            new DeliveryEndpoint(config, queryGateway, guard, isHere, forwarding),
            new PartEndpoint(queryGateway, guard));
  }

  /** Returns what checks tokens; warns of settings that protect less than they seem to. */
  static Authenticator authenticator(SluiceConfig config) {
    var authenticator = Authenticator.of(config);
    if (!authenticator.hasTokens()) {
      LOG.info(
          "/v1 accepts calls from this machine only, because no tokens are configured: set"
              + " http.auth.file or http.auth.jwks to accept others");
    }
    if (authenticator.hasTokens()
        && config.find(ApiKeys.TLS_KEYSTORE) == null
        && !config.isHttpLocal()) {
      LOG.warn(
          "tokens are sent unencrypted: set http.tls.keystore, or run a TLS proxy on this"
              + " machine and set http.host to 127.0.0.1");
    }
    return authenticator;
  }

  /** Returns the client that asks other processes. */
  static HttpClient client(SluiceConfig config) {
    return Tls.client(config, CONNECT_TIMEOUT);
  }

  private static @Nullable DeliveryForwarding forwarding(SluiceConfig config, HttpClient client) {
    var url = config.find(ApiKeys.DELIVERY_URL);
    return url == null ? null : new DeliveryForwarding(client, url);
  }

  private @Nullable DeliveryNotes notes(boolean isHere, @Nullable DeliveryForwarding forwarding) {
    if (isHere) {
      return new DeliveryNotes(queryGateway);
    }
    return forwarding == null ? null : new DeliveryNotes(forwarding);
  }

  /** Creates the API before the worker runs. */
  public static Api of(SluiceConfig config, ApiObserver observer) {
    return new Api(config, observer);
  }

  /** Returns whether all configured tokens can be checked now. */
  public boolean knowsTokens() {
    return authenticator.trouble() == null;
  }

  /** Returns the listener to the tasks of the product stage; to be set before the worker starts. */
  public OpenProductTasks taskListener() {
    return queryGateway.taskListener();
  }

  /** Returns the listener to the tasks of delivery in this process; to be set before it starts. */
  public OpenDeliveryTasks deliveryTaskListener() {
    return queryGateway.deliveryTaskListener();
  }

  /** Returns the routes of the API. */
  public Endpoint endpoint() {
    return endpoint;
  }

  /** Connects the API to a started worker. */
  public void serve(Worker worker) {
    queryGateway.serve(worker);
  }

  /** Connects the API to started delivery in this process. */
  public void serve(Delivery delivery) {
    queryGateway.serveDelivery(delivery.streams(), delivery.partitions());
  }

  /** Ends all live streams, for which closing the port would otherwise wait. */
  public void dismiss() {
    live.close();
  }

  @Override
  public void close() {
    dismiss();
    if (notes != null) {
      notes.close();
    }
    queryGateway.close();
    intake.close();
    client.shutdownNow();
  }
}
