package dev.sluice.dev.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class CpuTimeTest {
  private static final String ID = "bench-1-approvals";
  private static final String THREAD = ID + "-0a1b-StreamThread-2";

  @Test
  void shouldTellStreamThreadsFromTheirClients() {
    assertThat(CpuTime.isStreamThread(THREAD, ID)).isTrue();
    assertThat(
            CpuTime.isStreamThread("kafka-producer-network-thread | " + THREAD + "-producer", ID))
        .isFalse();
    assertThat(CpuTime.isStreamThread(THREAD, "bench-1-other")).isFalse();
    assertThat(CpuTime.isStreamThread("main", ID)).isFalse();
  }

  @Test
  void shouldCountTheTimeOfAStreamThread() throws Exception {
    var before = CpuTime.now(ID);
    var worked = new CountDownLatch(1);
    var end = new CountDownLatch(1);
    var thread =
        Thread.ofPlatform()
            .name(THREAD)
            .daemon()
            .start(
                () -> {
                  var random = new java.util.Random(1);
                  for (int i = 0; i < 1_000_000; i++) {
                    random.nextInt();
                  }
                  worked.countDown();
                  try {
                    end.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    worked.await();
    var used = CpuTime.now(ID).since(before);
    end.countDown();
    thread.join();
    assertThat(used.streamNs()).isPositive();
    assertThat(used.processNs()).isPositive();
  }
}
