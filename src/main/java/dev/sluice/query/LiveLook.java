package dev.sluice.query;

import dev.sluice.config.SluiceConfig;
import dev.sluice.query.Answer.LagView;
import dev.sluice.query.Answer.Live;
import dev.sluice.query.Answer.TrafficView;
import dev.sluice.query.Queries.Asked;
import dev.sluice.query.Queries.BusyException;
import dev.sluice.runtime.GroupTraffic;
import dev.sluice.runtime.GroupTraffic.Traffic;
import dev.sluice.runtime.InputLag.Input;
import dev.sluice.runtime.InputLag.Lag;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Looks at the state of all workers, and at what goes through them. Not for several threads. */
public final class LiveLook implements Pulse.Look, AutoCloseable {
  /** Whose questions they are: of all callers that watch. */
  private static final String CALLER = "the live view";

  private final Queries queries;
  private final GroupTraffic traffic;

  /** At the workers of a group. */
  public LiveLook(SluiceConfig config, Queries queries) {
    this.queries = queries;
    traffic = new GroupTraffic(config);
  }

  @Override
  public Live now(@Nullable String authorization, long nowMs) {
    var answered =
        queries.ask(
            new Asked(CALLER, authorization, false),
            questions ->
                new Live(
                    Instant.ofEpochMilli(nowMs), questions.overview(), questions.sweeping(), null));
    var seen = answered.value();
    if (seen == null) {
      throw new IllegalStateException("no overview");
    }
    try {
      return new Live(seen.at(), seen.overview(), seen.sweeping(), view(traffic.look(nowMs)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BusyException("interrupted");
    }
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

  @Override
  public void close() {
    traffic.close();
  }
}
