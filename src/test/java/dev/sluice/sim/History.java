package dev.sluice.sim;

import dev.sluice.access.command.SimulatedCommandProducer.Trouble;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import dev.sluice.streams.StoreKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The steps of one simulation, made of a seed alone. */
record History(long seed, Shape shape, List<Step> steps) {
  static final Instant START = Instant.parse("2026-01-05T09:00:00Z");

  /** The history of a seed, with state in memory. */
  static History of(long seed) {
    return of(seed, StoreKind.MEMORY);
  }

  static History of(long seed, StoreKind stores) {
    return new Writer(seed, stores).write();
  }

  /** Whether revocations may have a time in the future: then another reading may lead elsewhere. */
  boolean hasEarlyRevocations() {
    return hasEarlyRevocations(seed);
  }

  private static boolean hasEarlyRevocations(long seed) {
    return seed % 4 == 3;
  }

  /** The same on the same, but for the steps. */
  History with(List<Step> others) {
    return new History(seed, shape, List.copyOf(others));
  }

  /** The same input in the same order, read in another way; all at once, or while time passes. */
  History replay(boolean afterwards, Instant end) {
    var random = new Random(~seed);
    var input =
        steps.stream()
            .filter(
                s ->
                    s instanceof Step.Publish
                        || s instanceof Step.PublishUser
                        || s instanceof Step.UserGarbage
                        || s instanceof Step.Mistyped
                        || s instanceof Step.Garbage)
            .toList();
    var other =
        new Shape(
            shape.productPartitions(),
            shape.userEventPartitions(),
            1 + random.nextInt(4),
            1 + random.nextInt(3),
            random.nextBoolean() ? 1 : 1_000,
            random.nextBoolean() ? 0 : 1_000,
            shape.stores(),
            commands(~seed));
    var again = new ArrayList<Step>();
    // Work takes time too.
    var jumpsEnd = end.minus(Duration.ofHours(1));
    if (afterwards) {
      again.add(new Step.Jump(Duration.between(START, jumpsEnd)));
      again.addAll(input);
    } else {
      var writer = new Writer(random, seed, other);
      for (var step : input) {
        if (step instanceof Step.Publish published
            && published.event().payload() instanceof Payload.AccessRevoked
            && published.event().occurredAt().isAfter(writer.now)) {
          // A revocation of the future counts as of the present, and would lead elsewhere.
          writer.jump(Duration.between(writer.now, published.event().occurredAt()));
          again.addAll(writer.takeSteps());
        }
        again.add(step);
        if (random.nextInt(20) == 0) {
          var left = Math.max(0, Duration.between(writer.now, jumpsEnd).toMillis());
          writer.jump(Duration.ofMillis((long) (left * random.nextDouble() / 4)));
        }
        writer.work();
        again.addAll(writer.takeSteps());
      }
    }
    return new History(seed, other, again);
  }

  /** Apart, so that all else in the history of a seed is what it is without it. */
  private static Trouble commands(long seed) {
    var random = new Random(17 * seed + 3);
    return new Trouble(
        random.nextInt(8) > 0,
        Writer.pick(random, 0, 2, 3, 10),
        Writer.pick(random, 0, 0, 3, 8),
        random.nextLong());
  }

  /** Writes one. */
  private static final class Writer {
    private static final String[] TYPES = {
      "ProductSuspended", "ProductResumed", "AccessRevoked", "productResumed", "No such type", ""
    };

    private final Random random;

    /** Apart, so that all else in the history of a seed is what it is without them. */
    private final Random mistakes;

    /** Events about users and their tasks: apart for the same reason. */
    private final Random people;

    /** How many of ten events are followed by one about a user. */
    private final int leavers;

    private final long seed;
    private final Shape shape;
    private final List<Step> steps = new ArrayList<>();

    /** How often what happens differs from one history to the next. */
    private final int workMax;

    private final int commits;
    private final int crashes;
    private final boolean others;
    private Instant now = START;

    /** How many members are settled each on its own, by the seed. */
    private static final int[] FEW = {0, 0, 2, 0, 1_000};

    Writer(long seed, StoreKind stores) {
      this(new Random(seed), seed, stores);
    }

    private Writer(Random random, long seed, StoreKind stores) {
      this(
          random,
          seed,
          new Shape(
              1 + random.nextInt(3),
              1 + Math.floorMod(seed / 3, 3),
              pick(random, 1, 1, 1, 2, 3, 4),
              1 + random.nextInt(3),
              pick(random, 1, 1, 1, 2, 5, 1_000),
              FEW[Math.floorMod(seed, FEW.length)],
              stores,
              commands(seed)));
    }

    private Writer(Random random, long seed, Shape shape) {
      this.random = random;
      mistakes = new Random(31 * seed + 7);
      people = new Random(37 * seed + 11);
      leavers = pick(people, 0, 1, 3, 8);
      this.seed = seed;
      this.shape = shape;
      workMax = pick(random, 3, 6, 10, 16);
      commits = pick(random, 2, 6, 12);
      crashes = pick(random, 0, 1, 1, 4);
      others = pick(random, 0, 0, 1) == 1;
    }

    private static int pick(Random random, int... of) {
      return of[random.nextInt(of.length)];
    }

    History write() {
      var crowd =
          new Histories.Crowd(
              2 + random.nextInt(5), pick(random, 4, 8, 16, 40, 40), 3 + random.nextInt(9));
      var histories = new Histories(random, crowd);
      if (hasEarlyRevocations(seed)) {
        histories.withEarlyRevocations();
      }
      var users = new UserHistories(people, crowd.users());
      histories.beginning(now).forEach(this::publish);
      for (int crowds = random.nextInt(4); crowds > 0; crowds--) {
        histories.crowd(now).forEach(this::publish);
      }
      for (int events = 40 + random.nextInt(100); events > 0; events--) {
        jump(histories.jump());
        var some = some(histories);
        some.forEach(this::mistype);
        some.forEach(this::publish);
        if (some.size() > 1 && random.nextBoolean()) {
          passOn();
        }
        publish(users);
        work();
        if (random.nextInt(50) == 0) {
          steps.add(new Step.Settle());
        }
      }
      return new History(seed, shape, takeSteps());
    }

    private List<ProductEvent> some(Histories histories) {
      return switch (random.nextInt(40)) {
        case 0, 1 -> histories.crowd(now);
        case 2, 3, 4, 5, 6, 7 -> histories.storm(now);
        case 8 -> histories.duplicates();
        case 10, 11, 12 -> histories.review(now);
        case 9 -> {
          garbage();
          yield List.of();
        }
        default -> List.of(histories.next(now));
      };
    }

    private void publish(ProductEvent event) {
      steps.add(new Step.Publish(event, elsewhere()));
    }

    private void publish(UserHistories users) {
      while (people.nextInt(10) < leavers) {
        var elsewhere =
            others && people.nextInt(8) == 0 ? people.nextInt(4) : Step.Publish.IN_PLACE;
        steps.add(new Step.PublishUser(users.next(now), elsewhere));
        if (people.nextInt(40) == 0) {
          var bytes = new byte[people.nextInt(30)];
          people.nextBytes(bytes);
          steps.add(new Step.UserGarbage(people.nextInt(shape.userEventPartitions()), bytes));
        }
      }
    }

    /** An event comes with a wrong type first, now and then. */
    private void mistype(ProductEvent event) {
      var type = TYPES[mistakes.nextInt(TYPES.length)];
      if (mistakes.nextInt(25) == 0 && !type.equals(event.type())) {
        steps.add(new Step.Mistyped(event, type));
      }
    }

    /** Some histories have a producer with another partitioner, or a careless hand. */
    private int elsewhere() {
      return !others || random.nextInt(6) > 0
          ? Step.Publish.IN_PLACE
          : random.nextInt(3) == 0 ? random.nextInt(4) : Step.Publish.BY_CRC32;
    }

    private void garbage() {
      steps.add(new Step.Garbage(random.nextInt(shape.productPartitions()), bytes(), bytes()));
    }

    private byte[] bytes() {
      if (random.nextInt(4) == 0) {
        return null;
      }
      var bytes = new byte[random.nextInt(30)];
      random.nextBytes(bytes);
      return bytes;
    }

    void jump(Duration by) {
      if (!by.isZero()) {
        steps.add(new Step.Jump(by));
        now = now.plus(by);
      }
    }

    /** Passes published events on to the sweeps. */
    private void passOn() {
      for (int task = 0; task < shape.productPartitions(); task++) {
        steps.add(new Step.Decide(task, 10));
      }
      for (int thread = 0; thread < shape.threads(); thread++) {
        steps.add(new Step.Commit(thread));
      }
      for (int task = 0; task < shape.userPartitions(); task++) {
        steps.add(new Step.Deliver(task, 1 + random.nextInt(10)));
      }
    }

    void work() {
      if (leavers > 0 && people.nextInt(3) > 0) {
        var task = people.nextInt(shape.userEventPartitions());
        steps.add(new Step.DecideUsers(task, 1 + people.nextInt(4)));
      }
      for (int i = random.nextInt(workMax + 1); i > 0; i--) {
        steps.add(next(random.nextInt(40)));
        if (steps.getLast() instanceof Step.Crash crash && random.nextInt(3) > 0) {
          steps.add(new Step.Restart(crash.thread(), thread()));
        }
      }
    }

    private Step next(int kind) {
      if (kind < commits) {
        return new Step.Commit(thread());
      }
      if (kind < commits + crashes) {
        return new Step.Crash(thread());
      }
      return switch (kind % 12) {
        case 0, 1, 2 -> new Step.Decide(products(), 1 + random.nextInt(4));
        case 3, 4, 5 -> new Step.Deliver(users(), 1 + random.nextInt(4));
        case 6, 7, 8, 9 -> new Step.Slice(users(), pick(random, 1, 1, 1, 2, 5, 50));
        case 10 -> new Step.Due(products());
        default ->
            random.nextInt(3) == 0
                ? new Step.Restart(thread(), thread())
                : random.nextBoolean()
                    ? new Step.Move(true, products(), thread())
                    : new Step.Move(false, users(), thread());
      };
    }

    private int thread() {
      return random.nextInt(shape.threads());
    }

    private int products() {
      return random.nextInt(shape.productPartitions());
    }

    private int users() {
      return random.nextInt(shape.userPartitions());
    }

    List<Step> takeSteps() {
      var taken = List.copyOf(steps);
      steps.clear();
      return taken;
    }
  }
}
