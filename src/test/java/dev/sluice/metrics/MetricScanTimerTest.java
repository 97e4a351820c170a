package dev.sluice.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class MetricScanTimerTest {

  @Test
  void shouldHoldTheLockWhileItLooksAndNotLonger() throws Exception {
    var lock = new ReentrantLock();
    try (var timer = new MetricScanTimer(lock)) {
      var held = timer.schedule(lock::isHeldByCurrentThread, 0, TimeUnit.MILLISECONDS);
      assertThat(held.get(10, TimeUnit.SECONDS)).isTrue();

      var failed =
          timer.submit(
              () -> {
                throw new IllegalStateException("on purpose");
              });
      assertThat(failed).failsWithin(10, TimeUnit.SECONDS);
      assertThat(lock.tryLock(10, TimeUnit.SECONDS)).isTrue();
      lock.unlock();
    }
  }
}
