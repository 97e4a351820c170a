package dev.sluice.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.streams.WorkerObserver;
import dev.sluice.worker.RestoreProgress.Progress;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class RestoreProgressTest {
  private static final TopicPartition ONE = new TopicPartition("changelog", 0);
  private static final TopicPartition TWO = new TopicPartition("changelog", 1);

  private final AtomicLong told = new AtomicLong();
  private final RestoreProgress restoreProgress =
      new RestoreProgress(
          new WorkerObserver() {
            @Override
            public void restored(long records) {
              told.addAndGet(records);
            }
          },
          new RestoreLog());

  @Test
  void shouldTellWhatIsLeftWhileItRestores() {
    restoreProgress.onRestoreStart(ONE, "s", 100, 1100);
    restoreProgress.onRestoreStart(TWO, "s", 0, 50);
    restoreProgress.onBatchRestored(ONE, "s", 500, 300);

    assertThat(restoreProgress.progress()).isEqualTo(new Progress(2, 750));
    assertThat(told).hasValue(300);
  }

  @Test
  void shouldHaveNothingLeftOnceAllAreRestoredOrGivenAway() {
    restoreProgress.onRestoreStart(ONE, "s", 0, 10);
    restoreProgress.onRestoreStart(TWO, "s", 0, 10);
    restoreProgress.onRestoreEnd(ONE, "s", 10);
    restoreProgress.onRestoreSuspended(TWO, "s", 3);

    assertThat(restoreProgress.progress()).isEqualTo(new Progress(0, 0));
  }
}
