package dev.sluice.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.query.QueryGateway.BusyException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Shares of threads, while callers keep theirs without end. */
class QueryThreadsTest {
  private static final Duration NO_WAIT = Duration.ZERO;
  private static final Duration LONG = Duration.ofMinutes(1);

  /** A question that is not answered until it is let go. */
  private static final class Held {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch letGo = new CountDownLatch(1);

    String work() {
      begun.countDown();
      try {
        letGo.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return Thread.currentThread().getName();
    }
  }

  @Test
  void shouldKeepThreadsForOtherCallers() throws Exception {
    try (var threads = new QueryThreads("test", 4);
        var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var held = new ArrayList<Held>();
      for (var caller : List.of("ana", "ana", "ben", "cleo")) {
        var each = new Held();
        held.add(each);
        callers.submit(() -> threads.run(caller, NO_WAIT, each::work));
        each.begun.await();
        if (held.size() == 2) {
          // Ana has half of them.
          assertThatThrownBy(() -> threads.run("ana", NO_WAIT, () -> "no"))
              .isInstanceOfSatisfying(BusyException.class, e -> assertThat(e.isOfCaller()).isTrue())
              .hasMessageContaining("ana uses 2 of 4 places");
          assertThat(threads.run("ben", NO_WAIT, () -> "yes")).isEqualTo("yes");
        }
        if (held.size() == 3) {
          assertThatThrownBy(() -> threads.run("ben", NO_WAIT, () -> "no"))
              .hasMessageContaining("the limit for one caller");
        }
      }
      assertThatThrownBy(() -> threads.run("dora", NO_WAIT, () -> "no"))
          .isInstanceOfSatisfying(BusyException.class, e -> assertThat(e.isOfCaller()).isFalse());
      held.forEach(each -> each.letGo.countDown());
      Awaitility.await()
          .ignoreExceptions()
          .until(() -> threads.run("dora", NO_WAIT, () -> "yes").equals("yes"));
    }
  }

  @Test
  void shouldPreferCallersWithoutAThread() throws Exception {
    try (var threads = new QueryThreads("test", 2);
        var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = new Held();
      var second = new Held();
      callers.submit(() -> threads.run("ana", NO_WAIT, first::work));
      first.begun.await();
      callers.submit(() -> threads.run("ben", NO_WAIT, second::work));
      second.begun.await();
      var order = new ArrayList<String>();
      var entered = new Semaphore(0);
      var waiting = new ArrayList<Future<?>>();
      for (var caller : List.of("ana", "cleo")) {
        waiting.add(
            callers.submit(
                () ->
                    threads.run(
                        caller,
                        LONG,
                        () -> {
                          synchronized (order) {
                            order.add(caller);
                          }
                          entered.release();
                          return caller;
                        })));
        Awaitility.await().until(() -> threads.waiting() == waiting.size());
      }
      second.letGo.countDown();
      entered.acquire(1);
      synchronized (order) {
        assertThat(order).first().isEqualTo("cleo");
      }
      first.letGo.countDown();
      for (var each : waiting) {
        each.get();
      }
    }
  }

  @Test
  void shouldUsePlatformThreadsAndPassOnFailures() {
    try (var threads = new QueryThreads("test", 2)) {
      assertThat(threads.run("ana", NO_WAIT, () -> Thread.currentThread().isVirtual())).isFalse();
      var wrong = new IllegalStateException("wrong");
      assertThatThrownBy(
              () ->
                  threads.run(
                      "ana",
                      NO_WAIT,
                      () -> {
                        throw wrong;
                      }))
          .isSameAs(wrong);
      assertThat(threads.run("ana", NO_WAIT, () -> "again")).isEqualTo("again");
    }
  }
}
