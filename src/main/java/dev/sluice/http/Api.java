package dev.sluice.http;

import dev.sluice.auth.Authenticator;
import dev.sluice.client.EventBatchWriter;
import dev.sluice.config.ApiKeys;
import dev.sluice.config.SluiceConfig;
import dev.sluice.query.LiveOverview;
import dev.sluice.query.LiveOverviewReader;
import dev.sluice.query.QueryGateway;
import dev.sluice.query.shard.OpenProductTasks;
import dev.sluice.worker.Worker;
import java.net.http.HttpClient;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All that answers questions and takes events over HTTP, and what it is made of. */
public final class Api implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Api.class);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  private final Authenticator authenticator;
  private final HttpClient client;
  private final QueryGateway queryGateway;
  private final EventBatchWriter intake;
  private final LiveOverviewReader look;
  private final LiveStream live;
  private final Endpoint endpoint;

  private Api(SluiceConfig config, ApiObserver observer) {
    authenticator = Authenticator.of(config);
    if (!authenticator.hasTokens()) {
      LOG.info(
          "/v1 answers this machine alone, without tokens: set http.auth.file or http.auth.jwks to"
              + " let others in");
    }
    if (authenticator.hasTokens()
        && config.find(ApiKeys.TLS_KEYSTORE) == null
        && !config.isHttpLocal()) {
      LOG.warn(
          "tokens go over the network as they are: set http.tls.keystore, or have a proxy on this"
              + " machine speak TLS and http.host be 127.0.0.1");
    }
    client = Tls.client(config, CONNECT_TIMEOUT);
    queryGateway = new QueryGateway(config, client);
    intake = new EventBatchWriter(config);
    look = new LiveOverviewReader(config, queryGateway);
    live = new LiveStream(new LiveOverview(look, System::currentTimeMillis));
    endpoint = new ApiEndpoint(config, queryGateway, intake, live, authenticator, observer);
  }

  /** Before the worker runs. */
  public static Api of(SluiceConfig config, ApiObserver observer) {
    return new Api(config, observer);
  }

  /** Whether all tokens that are configured can be checked now. */
  public boolean knowsTokens() {
    return authenticator.trouble() == null;
  }

  /** Listens to the tasks of the product stage, before the worker starts. */
  public OpenProductTasks taskListener() {
    return queryGateway.taskListener();
  }

  /** What answers. */
  public Endpoint endpoint() {
    return endpoint;
  }

  /** The worker was started. */
  public void serve(Worker worker) {
    queryGateway.serve(worker);
  }

  /** Lets go of those who watch, for whom the port would wait when it is closed. */
  public void dismiss() {
    live.close();
  }

  @Override
  public void close() {
    dismiss();
    look.close();
    queryGateway.close();
    intake.close();
    client.shutdownNow();
  }
}
