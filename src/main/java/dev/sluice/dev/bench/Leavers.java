package dev.sluice.dev.bench;

import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Measures how fast the access of deactivated users is taken, and given back: of one user with many
 * sources, and of many users with one source each.
 */
public final class Leavers {
  private static final Duration START_MAX = Duration.ofSeconds(60);
  private static final int PRODUCTS = 200;
  private static final int SOURCES_EACH = 50;
  private static final double NS_PER_MS = 1e6;

  private final Bench bench;
  private final int users;

  /**
   * Creates the measurement.
   *
   * @param users number of users in the second part
   */
  public Leavers(Bench bench, int users) {
    this.bench = bench;
    this.users = users;
  }

  /** Measures both parts, each with a worker of its own. */
  public List<Measurement> sluice() throws InterruptedException {
    return List.of(
        measure("leaver", new Shape(1, PRODUCTS, SOURCES_EACH)),
        measure("leavers", new Shape(users, 1, 1)));
  }

  /** Users who are members of all products, and sources that only one product has. */
  private record Shape(int users, int products, int sources) {
    long commands() {
      return (long) users * products * sources;
    }
  }

  private Measurement measure(String name, Shape shape) throws InterruptedException {
    var config = bench.config(name);
    try (var started = MeasuredWorker.start(bench, config)) {
      var worker = started.worker();
      worker.awaitRunning(START_MAX);
      try (var turns = new Turns(config, shape, worker::failIfEnded);
          var bare = new BareProducer(config, new Topics(config.topicPrefix()).accessCommands())) {
        return measure(name, shape, turns, bare);
      }
    }
  }

  private Measurement measure(String name, Shape shape, Turns turns, BareProducer bare)
      throws InterruptedException {
    var progress = bench.progress();
    turns.prepare(progress);
    var ofUser = shape.products * shape.sources;
    var sample = new Sample();
    turns.rate(sample);
    bare.rate(shape.commands(), ofUser, sample);
    var warmUp =
        WarmUp.of(
            bench,
            name,
            number -> {
              turns.rate(sample);
              bare.rate(shape.commands(), ofUser, sample);
            });
    var rates = new Rounds(bench.rounds());
    var firsts = new ArrayList<Double>();
    var lasts = new ArrayList<Double>();
    for (int i = 0; i < bench.rounds(); i++) {
      // The second one runs after the other's load, so the order alternates too.
      var bareFirst = i % 2 == 1 ? bare.rate(shape.commands(), ofUser, sample) : 0;
      var rate = turns.rate(sample);
      if (!turns.active) {
        firsts.add(turns.firstMs);
        lasts.add(turns.lastMs);
      }
      rates.add(rate, i % 2 == 1 ? bareFirst : bare.rate(shape.commands(), ofUser, sample));
      progress.say(rates.last(name, Measurement.SLUICE, "commands/s"));
    }
    var more = new LinkedHashMap<String, Object>();
    more.put("commandsPerRound", shape.commands());
    if (!firsts.isEmpty()) {
      more.put("firstRevokeMs", Figures.ofRounds(doubles(firsts)).values());
      more.put("lastRevokeMs", Figures.ofRounds(doubles(lasts)).values());
    }
    more.putAll(warmUp.found());
    return rates.measurement(name, Measurement.SLUICE, shape.users, ofUser, "commands/s", more);
  }

  private static double[] doubles(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** All users lose all sources, and get them back, round by round. */
  private static final class Turns implements AutoCloseable {
    private final Shape shape;
    private final Traffic traffic;
    private final CommittedReader reader;
    private long keySum;
    private boolean active = true;

    /** Time from before the first event was sent to the first readable command of the last turn. */
    private double firstMs;

    private double lastMs;

    Turns(SluiceConfig config, Shape shape, Runnable meanwhile) {
      this.shape = shape;
      traffic = new Traffic(config);
      reader =
          CommittedReader.atEnd(
              config, new Topics(config.topicPrefix()).accessCommands(), meanwhile);
    }

    void prepare(Progress progress) {
      for (int product = 0; product < shape.products; product++) {
        var first = product * shape.sources;
        traffic.published(
            "product-" + product, IntStream.range(first, first + shape.sources).boxed().toList());
      }
      try (var work = progress.begin("approving members", shape.users)) {
        for (int user = 0; user < shape.users; user++) {
          for (int product = 0; product < shape.products; product++) {
            traffic.approved("product-" + product, user);
          }
          work.reached(user + 1);
        }
        traffic.flush();
      }
      var tally = new Tally();
      try (var work = progress.begin("settling", shape.commands())) {
        reader.read(shape.commands(), tally, work::reached);
      }
      reader.drain(tally);
      tally.require("the approval of the members", shape.commands(), 0);
      keySum = tally.keySum();
    }

    /** Turns all users; returns commands per second, until the last one is readable. */
    double rate(Sample sample) {
      var tally = new Tally();
      var began = System.nanoTime();
      active = !active;
      for (int user = 0; user < shape.users; user++) {
        traffic.turned(user, active);
      }
      traffic.flush();
      var first = new long[1];
      var ended =
          reader.read(
              shape.commands(),
              tally.andThen(sample),
              done -> {
                if (done > 0 && first[0] == 0) {
                  first[0] = System.nanoTime();
                }
              });
      firstMs = (first[0] - began) / NS_PER_MS;
      lastMs = (ended - began) / NS_PER_MS;
      reader.drain(tally);
      tally.require(
          active ? "the return of all users" : "the leaving of all users",
          active ? shape.commands() : 0,
          active ? 0 : shape.commands());
      if (tally.keySum() != keySum) {
        throw new BenchException(
            "the number of commands is right, but they are not one for each user and source");
      }
      return shape.commands() / ((ended - began) / 1e9);
    }

    @Override
    public void close() {
      traffic.close();
      reader.close();
    }
  }
}
