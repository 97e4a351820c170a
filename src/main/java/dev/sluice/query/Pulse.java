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
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * How all is, again and again, for as many as watch: looked once for all of them, and not at all
 * when nobody does.
 */
public final class Pulse implements AutoCloseable {
  private static final long INTERVAL_MS = 1_000;

  /** What is looked at is left alone for so many times as long as the look took. */
  private static final int REST_FACTOR = 10;

  private final Queries queries;
  private final GroupTraffic traffic;
  private final Lock looking = new ReentrantLock();
  private @Nullable Live last;
  private @Nullable RuntimeException failure;
  private long nextMs;

  /** Of the workers of a group. */
  public Pulse(SluiceConfig config, Queries queries) {
    this.queries = queries;
    traffic = new GroupTraffic(config);
  }

  /**
   * How all is: seen a second ago at most, or longer where it takes long to look.
   *
   * @param authorization of who asks; null for none
   * @throws PartMissingException when a partition cannot be asked now
   * @throws BusyException when it cannot be worked on, or takes too long
   */
  public Live now(@Nullable String authorization) {
    looking.lock();
    try {
      var began = System.currentTimeMillis();
      if (began < nextMs) {
        return outcome();
      }
      last = null;
      failure = null;
      try {
        last = look(authorization, began);
      } catch (PartMissingException | BusyException e) {
        failure = e;
      } finally {
        var took = System.currentTimeMillis() - began;
        nextMs = began + took + Math.max(INTERVAL_MS, took * REST_FACTOR);
      }
      return outcome();
    } finally {
      looking.unlock();
    }
  }

  private Live outcome() {
    var seen = last;
    if (seen != null) {
      return seen;
    }
    throw failure == null ? new BusyException("it cannot be told now") : failure;
  }

  /** How long until there is something new to see. */
  public Duration untilNext() {
    looking.lock();
    try {
      return Duration.ofMillis(Math.max(1, nextMs - System.currentTimeMillis()));
    } finally {
      looking.unlock();
    }
  }

  private Live look(@Nullable String authorization, long nowMs) {
    var answered =
        queries.ask(
            new Asked(authorization, false),
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
    looking.lock();
    try {
      traffic.close();
    } finally {
      looking.unlock();
    }
  }
}
