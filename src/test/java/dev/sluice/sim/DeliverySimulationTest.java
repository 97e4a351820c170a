package dev.sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.avro.AccessDelivery;
import dev.sluice.delivery.Command;
import dev.sluice.delivery.CommandAction;
import dev.sluice.delivery.CommandNumber;
import dev.sluice.delivery.ErrorClass;
import dev.sluice.delivery.Result;
import dev.sluice.delivery.ResultDetails;
import dev.sluice.delivery.ResultOutcome;
import dev.sluice.streams.StoreKind;
import dev.sluice.topology.DeliveryDriver;
import dev.sluice.update.SourceRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random histories of commands and results, in any order in which two topics can be read, with
 * repeated results, results of writers who are wrong, commits, crashes and time; compared with a
 * naive model that keeps the whole history and no state.
 */
class DeliverySimulationTest {
  private static final int STEPS = 600;
  private static final String[] USERS = {"ana", "ben", "cleo"};
  private static final SourceRef[] SOURCES = {
    new SourceRef("orders", "Snowflake"),
    new SourceRef("orders", "Databricks"),
    new SourceRef("o😀", "Snowflake")
  };

  /** Something that was read, and when. */
  private record Read(@Nullable Command command, @Nullable Result result, long atMs) {
    String key() {
      return command == null ? Objects.requireNonNull(result).key() : command.key();
    }
  }

  /** What holds for a key, in words. */
  private static final class Naive {
    private final List<Read> history = new ArrayList<>();

    List<Read> of(String key) {
      return history.stream().filter(read -> read.key().equals(key)).toList();
    }

    /** Computes from the history of one key what is outstanding; null for nothing. */
    static @Nullable String outstanding(List<Read> history, long nowMs) {
      int at =
          IntStream.range(0, history.size())
              .filter(i -> history.get(i).command() != null)
              .boxed()
              .max(Comparator.comparing(i -> number(history.get(i))))
              .orElse(-1);
      if (at < 0) {
        return null;
      }
      var command = Objects.requireNonNull(history.get(at).command());
      var state = "PENDING";
      var details = ResultDetails.NONE;
      for (var result : effective(history, at, command)) {
        if (result.action() != command.action() || result.outcome() == ResultOutcome.OTHER) {
          continue;
        }
        if (result.outcome() == ResultOutcome.APPLIED) {
          return null;
        }
        state =
            result.outcome() == ResultOutcome.HELD
                ? "HELD"
                : result.details().errorClass() == ErrorClass.RETRYING ? "RETRYING" : "FAILED";
        details = result.details();
      }
      var deadlineMs =
          command.action() == CommandAction.GRANT
              ? DeliveryDriver.DEADLINES.grantMs()
              : DeliveryDriver.DEADLINES.revokeMs();
      var passesMs = command.commandedAtMs() + deadlineMs;
      return "%s %s %s %s %s %s"
          .formatted(
              command.action(),
              command.number().epoch(),
              command.number().revision(),
              state,
              passesMs <= nowMs ? Long.toString(passesMs) : "-",
              words(details.errorClass(), details.message(), details.attempts()));
    }

    static CommandNumber number(Read read) {
      return read.command() == null
          ? Objects.requireNonNull(read.result()).number()
          : read.command().number();
    }

    /** The result that was there when the command came, and those that came after it. */
    private static List<Result> effective(List<Read> history, int at, Command command) {
      var results = new ArrayList<Result>();
      Result waiting = null;
      for (int i = 0; i < history.size(); i++) {
        var result = history.get(i).result();
        if (result == null || result.outcome() == ResultOutcome.OTHER) {
          continue;
        }
        var order = result.number().compareTo(command.number());
        if (i > at && order == 0) {
          results.add(result);
        } else if (i < at && order > 0) {
          return after(history, at, command); // the highest of those that wait displaces the others
        } else if (i < at
            && order == 0
            && (waiting == null || waiting.outcome() != ResultOutcome.APPLIED)) {
          waiting = result;
        }
      }
      if (waiting != null) {
        results.addFirst(waiting);
      }
      return results;
    }

    private static List<Result> after(List<Read> history, int at, Command command) {
      return history.subList(at + 1, history.size()).stream()
          .map(Read::result)
          .filter(Objects::nonNull)
          .filter(result -> result.number().equals(command.number()))
          .toList();
    }
  }

  private static String words(@Nullable Object errorClass, @Nullable String message, int attempts) {
    return errorClass + " " + message + " " + attempts;
  }

  private static String words(AccessDelivery d) {
    var overdue = d.getOverdueSince();
    return "%s %s %s %s %s %s"
        .formatted(
            d.getAction(),
            d.getEpoch(),
            d.getRevision(),
            d.getState(),
            overdue == null ? "-" : Long.toString(overdue.toEpochMilli()),
            words(d.getErrorClass(), d.getMessage(), d.getAttempts()));
  }

  /** The worker's and the consumers' topics; each key's commands are in order. */
  private static final class World {
    private final Random random;
    private final Map<String, Integer> written = new HashMap<>();
    private int epoch;

    World(Random random) {
      this.random = random;
    }

    Command command(long nowMs) {
      var user = USERS[random.nextInt(USERS.length)];
      var source = SOURCES[random.nextInt(SOURCES.length)];
      if (random.nextInt(200) == 0) {
        epoch++;
        written.clear();
      }
      var revision = written.merge(user + source, 1 + random.nextInt(3), Integer::sum);
      return new Command(
          user,
          source,
          random.nextBoolean() ? CommandAction.GRANT : CommandAction.REVOKE,
          new CommandNumber(epoch, revision),
          "p",
          "SOURCE_ADDED",
          nowMs);
    }

    Result result(Command command, long nowMs) {
      var outcome = ResultOutcome.values()[random.nextInt(ResultOutcome.values().length)];
      var of = ErrorClass.values()[random.nextInt(ErrorClass.values().length)];
      var action =
          random.nextInt(20) > 0
              ? command.action()
              : CommandAction.values()[1 - command.action().ordinal()];
      return new Result(
          command.userId(),
          command.source(),
          action,
          command.number(),
          outcome,
          ResultDetails.of(outcome, of, null, "m" + random.nextInt(2), 1 + random.nextInt(2), null),
          nowMs - random.nextInt(1_000));
    }
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, Long.getLong("sluice.sim.seeds", 12));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void shouldAgreeWithTheWholeHistory(long seed) {
    var random = new Random(seed);
    var world = new World(random);
    var naive = new Naive();
    var published = new TreeMap<String, String>();
    var kind = seed % 2 == 0 ? StoreKind.MEMORY : StoreKind.ROCKSDB;
    try (var driver = new DeliveryDriver("delivery-simulation", kind, Duration.ofDays(1))) {
      // What is on the two topics and not read yet, each in order.
      var commandsWaiting = new ArrayList<Command>();
      var resultsWaiting = new ArrayList<Result>();
      var known = new ArrayList<Command>();
      var uncommitted = new ArrayList<Read>();
      var stored = driver.state();
      driver.hold();
      for (int step = 0; step < STEPS; step++) {
        var nowMs = driver.now().toEpochMilli();
        switch (random.nextInt(14)) {
          case 0, 1 -> {
            var command = world.command(nowMs);
            commandsWaiting.add(command);
            known.add(command);
          }
          case 2, 3 -> {
            if (!known.isEmpty()) {
              // Of new commands mostly, that may not be read yet.
              var of = known.get(Math.max(0, known.size() - 1 - random.nextInt(8)));
              var result = world.result(of, nowMs);
              resultsWaiting.add(result);
              if (random.nextInt(4) == 0) {
                resultsWaiting.add(result);
              }
            }
          }
          case 4, 5, 6 -> {
            if (!commandsWaiting.isEmpty()) {
              uncommitted.add(new Read(commandsWaiting.removeFirst(), null, nowMs));
              driver.put(Objects.requireNonNull(uncommitted.getLast().command()));
            }
          }
          case 7, 8, 9, 10, 11 -> {
            if (!resultsWaiting.isEmpty()) {
              uncommitted.add(new Read(null, resultsWaiting.removeFirst(), nowMs));
              driver.put(Objects.requireNonNull(uncommitted.getLast().result()));
            }
          }
          case 12 -> driver.pass(Duration.ofMillis(random.nextInt(3_000)));
          default -> {
            if (random.nextInt(3) == 0) {
              // A crash: what was read since the last commit is read again.
              for (var read : uncommitted.reversed()) {
                if (read.command() != null) {
                  commandsWaiting.addFirst(read.command());
                } else {
                  resultsWaiting.addFirst(Objects.requireNonNull(read.result()));
                }
              }
              uncommitted.clear();
              driver.restart(stored);
              driver.hold();
            } else {
              var looked = driver.lookForOverdue();
              naive.history.addAll(uncommitted);
              uncommitted.clear();
              publish(driver, published);
              compare(seed, step, driver, looked, naive, published);
              stored = driver.state();
              driver.hold();
            }
          }
        }
      }
    }
  }

  /** The kinds of states that were compared; a history of one kind alone would show little. */
  private static final Map<String, Integer> COMPARED = new TreeMap<>();

  @AfterAll
  static void hasComparedAllKinds() {
    assertThat(COMPARED.keySet()).contains("PENDING", "RETRYING", "FAILED", "HELD");
    assertThat(COMPARED.values()).allMatch(times -> times > 10);
  }

  private static void publish(DeliveryDriver driver, Map<String, String> published) {
    for (var record : driver.published()) {
      var value = record.value;
      if (value == null) {
        assertThat(published.remove(record.key)).as("a tombstone of " + record.key).isNotNull();
      } else {
        assertThat(published.put(record.key, words(value))).isNotEqualTo(words(value));
      }
    }
  }

  private static void compare(
      long seed,
      int step,
      DeliveryDriver driver,
      Instant looked,
      Naive naive,
      Map<String, String> published) {
    var expected = new TreeMap<String, String>();
    for (var user : USERS) {
      for (var source : SOURCES) {
        var key = user + "|" + source.sourceType() + "|" + source.sourceId();
        var outstanding = Naive.outstanding(naive.of(key), looked.toEpochMilli());
        if (outstanding != null) {
          expected.put(key, outstanding);
        }
      }
    }
    expected.values().forEach(words -> COMPARED.merge(words.split(" ")[3], 1, Integer::sum));
    var where = "seed %d, step %d, %s".formatted(seed, step, looked);
    assertThat(published).as(where).isEqualTo(expected);
    assertThat(driver.keys("outstanding-commands"))
        .as(where)
        .containsExactlyInAnyOrderElementsOf(expected.keySet());
    assertThat(driver.keys("outstanding-by-time").stream().map(DeliverySimulationTest::command))
        .as(where)
        .containsExactlyInAnyOrderElementsOf(expected.keySet());
    assertThat(driver.counts().values().stream().mapToLong(n -> n).sum())
        .as(where)
        .isEqualTo(expected.size());
    assertThat(driver.keys("early-results-by-time"))
        .as(where)
        .hasSameSizeAs(driver.keys("early-results"));
  }

  private static String command(String indexKey) {
    return indexKey.split("\\|", 4)[3];
  }
}
