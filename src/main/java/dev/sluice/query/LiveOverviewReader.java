package dev.sluice.query;

import dev.sluice.config.SluiceConfig;
import dev.sluice.offsets.GroupThroughput;
import dev.sluice.offsets.GroupThroughput.Traffic;
import dev.sluice.offsets.InputLag.Input;
import dev.sluice.offsets.InputLag.Lag;
import dev.sluice.query.QueryGateway.Asked;
import dev.sluice.query.model.ApiModel.LagView;
import dev.sluice.query.model.ApiModel.Live;
import dev.sluice.query.model.ApiModel.TrafficView;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads the state and the traffic of all workers. For one thread. */
public final class LiveOverviewReader implements LiveOverview.Reader {
  /** Caller name for the shared queries of all viewers. */
  private static final String CALLER = "the live view";

  private final QueryGateway queryGateway;
  private final GroupThroughput traffic;

  /** Creates a reader for the workers of a group. */
  public LiveOverviewReader(SluiceConfig config, QueryGateway queryGateway) {
    this.queryGateway = queryGateway;
    traffic = new GroupThroughput(config);
  }

  @Override
  public Live now(@Nullable String authorization, long nowMs) {
    var answered =
        queryGateway.ask(
            new Asked(CALLER, authorization, false),
            queryService ->
                new Live(
                    Instant.ofEpochMilli(nowMs),
                    queryService.overview(),
                    queryService.sweeping(),
                    null));
    var seen = answered.value();
    if (seen == null) {
      throw new IllegalStateException("no overview");
    }
    var measured = traffic.measure(queryGateway.offsets(), nowMs);
    return new Live(seen.at(), seen.overview(), seen.sweeping(), view(measured));
  }

  private static @Nullable TrafficView view(@Nullable Traffic seen) {
    return seen == null
        ? null
        : new TrafficView(
            seen.commandsPerSecond(),
            view(seen.lags().getOrDefault(Input.EVENTS, Lag.NONE)),
            view(seen.lags().getOrDefault(Input.UPDATES, Lag.NONE)));
  }

  private static LagView view(Lag lag) {
    return new LagView(lag.records(), lag.seconds());
  }
}
