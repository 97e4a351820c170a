package dev.sluice.dev.cli;

import dev.sluice.cli.ConfigOptions;
import dev.sluice.cli.QuietLog;
import dev.sluice.cli.Terminal;
import dev.sluice.cli.UsageException;
import dev.sluice.dev.bench.Approvals;
import dev.sluice.dev.bench.Bench;
import dev.sluice.dev.bench.Delivering;
import dev.sluice.dev.bench.Fanout;
import dev.sluice.dev.bench.Latency;
import dev.sluice.dev.bench.Leavers;
import dev.sluice.dev.bench.Machine;
import dev.sluice.dev.bench.Measurement;
import dev.sluice.dev.bench.MeasurementJson;
import dev.sluice.dev.bench.Queries;
import dev.sluice.dev.bench.Requests;
import dev.sluice.dev.bench.Restore;
import dev.sluice.folder.NativeLibraryFolder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures how fast a worker is. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "Measure a worker in this process, alternating on the same broker with Kafka's plain"
          + " clients. The ratio is more meaningful than the numbers, which depend on this machine."
          + " SLUICE_JAVA_OPTS=-Xmx1g limits the heap of all of them together."
    })
final class BenchCommand implements Callable<Integer> {

  /**
   * Maximum number of commands per event for which the baseline runs by default; beyond that it is
   * slow.
   */
  private static final long BASELINE_COMMANDS_MAX = 2_000_000;

  /** Maximum number of commands in a round of approvals by default. */
  private static final int APPROVALS_COMMANDS_MAX = 2_000_000;

  /** The subjects of measurements. */
  enum Subject {
    fanout,
    approvals,
    latency,
    requests,
    restore,
    queries,
    leavers,
    delivery,
    all
  }

  @Parameters(
      arity = "0..1",
      paramLabel = "WHAT",
      description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  private Subject subject = Subject.all;

  @Option(
      names = "--members",
      paramLabel = "N",
      description = {
        "fanout: members of the product, default 20000.",
        "approvals: users, each approved once a round, default 20000, or as many as make 2,000,000"
            + " commands.",
        "latency: members of each of the two products that are swept, default 200000.",
        "requests: requests for products of one size in a round, default 30000.",
        "restore: memberships, default 100000.",
        "queries: memberships at three workers, default 100000.",
        "leavers: users with one source each, default 100000.",
        "delivery: users with one outstanding command each, default 1000000."
      })
  private @Nullable Integer members;

  @Option(
      names = "--sources",
      paramLabel = "N",
      description = {
        "Of a product; fanout: default 50, approvals: default 10.",
        "requests: one number instead of 10, 1,000 and 9,000, one after the other.",
        "Others: 1."
      })
  private @Nullable Integer sources;

  @Option(
      names = "--products",
      paramLabel = "N",
      description = "approvals: default ${DEFAULT-VALUE}.")
  private int products = 100;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description =
          "Number of counted rounds; default ${DEFAULT-VALUE}. Fewer than 5 prove little.")
  private int rounds = 5;

  @Option(
      names = "--warmup",
      paramLabel = "SECONDS",
      description =
          "fanout, approvals, latency, requests, leavers: time of uncounted rounds before the"
              + " counted ones; default ${DEFAULT-VALUE}. A round that has begun is completed. 0"
              + " for none.")
  private int warmUpSeconds = 60;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description =
          "latency: time of all counted rounds of one kind together; default ${DEFAULT-VALUE}. A"
              + " round takes at least a second.")
  private int seconds = 20;

  @Option(
      names = "--questions",
      paramLabel = "N",
      description = "queries: number of each kind; default ${DEFAULT-VALUE}.")
  private int questions = 300;

  @Option(
      names = "--baseline",
      negatable = true,
      description =
          "fanout: measure a topology in Kafka Streams' DSL too; by default if an event makes at"
              + " most 2,000,000 commands.")
  private @Nullable Boolean baseline;

  @Option(
      names = "--floor",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description =
          "approvals, latency: measure a topology of Kafka Streams that only passes bytes on, too;"
              + " the default.")
  private boolean floor;

  @Option(
      names = "--bootstrap-servers",
      paramLabel = "SERVERS",
      description =
          "Measure on these brokers (host:port), in topics that begin with bench- and the time and"
              + " are deleted at the end. Without it, on a broker in this process, whose data is"
              + " removed.")
  private @Nullable String bootstrapServers;

  @Option(
      names = "--metrics",
      description =
          "fanout: measure with the worker's metrics, read every second; without it"
              + " there are none.")
  private boolean metrics;

  @Option(names = "--json", description = "One JSON object per line for each measurement.")
  private boolean json;

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Override
  public Integer call() throws Exception {
    requirePositive("--members", members);
    requirePositive("--sources", sources);
    requirePositive("--rounds", rounds);
    requirePositive("--questions", questions);
    requirePositive("--seconds", seconds);
    if (warmUpSeconds < 0) {
      throw new UsageException("--warmup must be at least 0, not " + warmUpSeconds);
    }
    if (isAsked(Subject.approvals) && products <= rounds) {
      throw new UsageException(
          "--products must be above --rounds (%d), not %d".formatted(rounds, products));
    }
    NativeLibraryFolder.require();
    QuietLog.begin();
    try (var site = BenchSite.open(options, bootstrapServers)) {
      measure(site.ready(rounds, Duration.ofSeconds(warmUpSeconds), metrics));
    }
    return 0;
  }

  private void measure(Bench bench) throws InterruptedException {
    var machine = Machine.of(bench.config("machine"));
    if (!json) {
      Terminal.text(BenchTable.of(machine) + "\n");
    }
    if (isAsked(Subject.fanout)) {
      var fanout = new Fanout(bench, or(members, 20_000), or(sources, 50));
      print(fanout.sluice(), machine);
      if (or(baseline, fanout.commands() <= BASELINE_COMMANDS_MAX)) {
        print(fanout.dsl(), machine);
      }
    }
    if (isAsked(Subject.approvals)) {
      var ofProduct = or(sources, 10);
      var users = or(members, Math.clamp(APPROVALS_COMMANDS_MAX / ofProduct, 1, 20_000));
      print(new Approvals(bench, users, ofProduct, products, floor).sluice(), machine);
    }
    if (isAsked(Subject.latency)) {
      for (var measurement : new Latency(bench, or(members, 200_000), seconds, floor).sluice()) {
        print(measurement, machine);
      }
    }
    if (isAsked(Subject.requests)) {
      var sizes = sources == null ? Requests.SIZES : List.of(sources);
      for (var measurement : new Requests(bench, or(members, 30_000), sizes).sluice()) {
        print(measurement, machine);
      }
    }
    if (isAsked(Subject.restore)) {
      print(new Restore(bench, or(members, 100_000)).sluice(), machine);
    }
    if (isAsked(Subject.queries)) {
      for (var measurement : new Queries(bench, or(members, 100_000), questions).sluice()) {
        print(measurement, machine);
      }
    }
    if (isAsked(Subject.leavers)) {
      leavers(bench, machine);
    }
    if (isAsked(Subject.delivery)) {
      for (var measurement : new Delivering(bench, or(members, 1_000_000)).sluice()) {
        print(measurement, machine);
      }
    }
  }

  private void leavers(Bench bench, Machine machine) throws InterruptedException {
    for (var measurement : new Leavers(bench, or(members, 100_000)).sluice()) {
      print(measurement, machine);
    }
  }

  private boolean isAsked(Subject what) {
    return subject == what || subject == Subject.all;
  }

  private void print(Measurement measurement, Machine machine) {
    if (json) {
      Terminal.json(MeasurementJson.of(measurement, machine));
    } else {
      Terminal.text(BenchTable.of(measurement) + "\n");
    }
  }

  private static boolean or(@Nullable Boolean given, boolean standard) {
    return given == null ? standard : given;
  }

  private static int or(@Nullable Integer given, int standard) {
    return given == null ? standard : given;
  }

  private static void requirePositive(String option, @Nullable Integer given) {
    if (given != null && given < 1) {
      throw new UsageException(option + " must be at least 1, not " + given);
    }
  }
}
