package dev.sluice.it.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.BooleanSupplier;

/**
 * Does to the processes of a site what may befall them, and starts again what ended, as a
 * supervisor does.
 */
final class Faults {
  /** Longer than a session: the group has given the work of who is frozen to others. */
  private static final int FREEZE_MS = 13_000;

  /** The longest wait until a worker is at work, and the time that it then works undisturbed. */
  private static final int WORK_MS_MAX = 60_000;

  private static final int WORK_MS = 4_000;
  private static final int STEP_MS = 50;
  private static final int SWEEP_MS_MAX = 8_000;
  private static final int SWEEP_COMMANDS = 500;

  /** The log line of a broker whose start has lost a group for good. */
  private static final String NO_COORDINATOR = "Failed to load metadata from __consumer_offsets";

  /** The log line of a worker that finds no broker at its start; it then ends, by design. */
  private static final List<String> NO_BROKER =
      List.of("no answer from Kafka", "Timed out waiting for a node assignment");

  private final Site site;
  private final Load load;
  private final Progress progress;
  private final Random random;
  private final Map<Fault, Integer> counts = new EnumMap<>(Fault.class);
  private final List<String> endedUnasked = new ArrayList<>();
  private final PriorityQueue<Later> agenda = new PriorityQueue<>();
  private int kills;
  private int brokerKills;
  private int startsWithoutBroker;

  private record Later(long atNs, Runnable action) implements Comparable<Later> {
    @Override
    public int compareTo(Later other) {
      return Long.compare(atNs, other.atNs);
    }
  }

  Faults(Site site, Load load, Progress progress, long seed) {
    this.site = site;
    this.load = load;
    this.progress = progress;
    this.random = new Random(seed);
  }

  /** The number of times that each fault was caused. */
  Map<Fault, Integer> counts() {
    return counts;
  }

  /** The number of worker processes killed. */
  int kills() {
    return kills;
  }

  int brokerKills() {
    return brokerKills;
  }

  /** The number of workers that ended because no broker answered at their start. */
  int startsWithoutBroker() {
    return startsWithoutBroker;
  }

  /** Processes that ended by themselves, and their last words, but for want of a broker. */
  List<String> endedUnasked() {
    return endedUnasked;
  }

  /** One after the other, in that order. */
  void all(List<Fault> faults) throws InterruptedException {
    for (var fault : faults) {
      befall(fault);
      pauseUntil(() -> agenda.isEmpty() && isAtWork());
      pause(1_000 + random.nextInt(2_000));
    }
    recover();
  }

  /** Whether the broker answers, and a worker has been at work since its start. */
  private boolean isAtWork() {
    return site.broker().hasSaid(BrokerProcess.READY)
        && site.workers().stream().anyMatch(w -> w.isAlive() && w.hasSaid(Site.RUNNING));
  }

  /** By chance, until the time is over. */
  void forDuration(Duration duration) throws InterruptedException {
    var until = System.nanoTime() + duration.toNanos();
    while (System.nanoTime() < until) {
      var kinds = Fault.values();
      // A plain kill is what happens most.
      befall(random.nextInt(4) == 0 ? Fault.KILL : kinds[random.nextInt(kinds.length)]);
      pause(1_000 + random.nextInt(6_000));
      // Often enough the next one comes while none has yet come back; but not for ever.
      if (random.nextBoolean()) {
        var patience = System.nanoTime() + Duration.ofMillis(WORK_MS_MAX).toNanos();
        pauseUntil(() -> isAtWork() || System.nanoTime() > patience);
        pause(WORK_MS);
      }
    }
    recover();
  }

  /** Wakes and starts what is frozen or ended. */
  private void recover() throws InterruptedException {
    while (!agenda.isEmpty()) {
      pause(STEP_MS);
    }
    supervise();
  }

  private void befall(Fault fault) throws InterruptedException {
    counts.merge(fault, 1, Integer::sum);
    System.out.println("chaos: " + fault);
    switch (fault) {
      case KILL -> killSome(1, false);
      case KILL_IN_SWEEP -> {
        awaitSweep();
        killSome(1, false);
      }
      case KILL_AND_LOSE_DATA -> killSome(1, true);
      case KILL_WHILE_RESTORING -> {
        var worker = one();
        kill(worker);
        site.loseData(worker);
        worker.start();
        pause(1_500 + random.nextInt(4_000));
        kill(worker);
        startLater(worker);
      }
      case KILL_ALL_BUT_ONE -> killSome(site.workers().size() - 1, false);
      case KILL_BROKER -> killBroker();
      case KILL_BROKER_AND_WORKER -> {
        killBroker();
        killSome(1, random.nextBoolean());
      }
      case FREEZE -> {
        var worker = one();
        worker.freeze();
        later(FREEZE_MS, worker::wake);
      }
      case ROLL -> roll();
    }
  }

  /** One that runs, if any does. */
  private Jvm one() throws InterruptedException {
    pauseUntil(() -> site.workers().stream().anyMatch(w -> w.isAlive() && !w.isFrozen()));
    var able = site.workers().stream().filter(w -> w.isAlive() && !w.isFrozen()).toList();
    return able.get(random.nextInt(able.size()));
  }

  private void killSome(int count, boolean losingData) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      var worker = one();
      kill(worker);
      if (losingData) {
        site.loseData(worker);
      }
      startLater(worker);
    }
  }

  private void kill(Jvm worker) {
    kills++;
    worker.kill();
  }

  private void startLater(Jvm worker) {
    later(random.nextInt(3_000), worker::start);
  }

  private void killBroker() {
    if (site.broker().isAlive()) {
      brokerKills++;
      site.broker().kill();
      later(random.nextInt(4_000), site.broker()::start);
    }
  }

  private void awaitSweep() throws InterruptedException {
    var before = progress.commandsWritten();
    load.sweep();
    var until = System.nanoTime() + Duration.ofMillis(SWEEP_MS_MAX).toNanos();
    while (System.nanoTime() < until && progress.commandsWritten() < before + SWEEP_COMMANDS) {
      pause(STEP_MS);
    }
  }

  private void roll() throws InterruptedException {
    for (var worker : site.workers()) {
      if (!worker.isAlive() || worker.isFrozen()) {
        continue;
      }
      worker.stop();
      var until = System.nanoTime() + Duration.ofSeconds(Site.STOP_SECONDS_MAX).toNanos();
      pauseUntil(() -> !worker.isAlive() || System.nanoTime() > until);
      if (!worker.awaitEnd(0)) {
        endedUnasked.add(worker.name() + " does not stop on SIGTERM");
        worker.kill();
      }
      worker.start();
      pause(1_000 + random.nextInt(3_000));
    }
  }

  private void later(int ms, Runnable action) {
    agenda.add(new Later(System.nanoTime() + Duration.ofMillis(ms).toNanos(), action));
  }

  private void pause(int ms) throws InterruptedException {
    var until = System.nanoTime() + Duration.ofMillis(ms).toNanos();
    pauseUntil(() -> System.nanoTime() >= until);
  }

  /** Meanwhile does what is due. */
  private void pauseUntil(BooleanSupplier over) throws InterruptedException {
    do {
      load.failIfFailed();
      while (!agenda.isEmpty() && agenda.peek().atNs <= System.nanoTime()) {
        agenda.remove().action.run();
      }
      supervise();
      Thread.sleep(STEP_MS);
    } while (!over.getAsBoolean());
  }

  /** Starts what ended by itself. */
  void supervise() {
    for (var worker : site.workers()) {
      restart(worker);
    }
    restart(site.broker());
    if (site.broker().hasSaid(NO_COORDINATOR)) {
      throw new AssertionError(
          "the broker can no longer load what it knows of groups, so nothing can go on; a fault of"
              + " Kafka's that docs/reliability.md tells of");
    }
  }

  private void restart(Jvm jvm) {
    if (!jvm.endedUnasked()) {
      return;
    }
    if (NO_BROKER.stream().anyMatch(jvm.lastWords()::contains)) {
      startsWithoutBroker++;
    } else {
      endedUnasked.add(jvm.lastWords());
    }
    jvm.start();
  }
}
