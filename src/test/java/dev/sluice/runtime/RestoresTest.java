package dev.sluice.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.runtime.Restores.Progress;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class RestoresTest {
  private static final TopicPartition ONE = new TopicPartition("changelog", 0);
  private static final TopicPartition TWO = new TopicPartition("changelog", 1);

  private final AtomicLong told = new AtomicLong();
  private final Restores restores =
      new Restores(
          new WorkerObserver() {
            @Override
            public void restored(long records) {
              told.addAndGet(records);
            }
          },
          new RestoreLog());

  @Test
  void shouldTellWhatIsLeftWhileItRestores() {
    restores.onRestoreStart(ONE, "s", 100, 1100);
    restores.onRestoreStart(TWO, "s", 0, 50);
    restores.onBatchRestored(ONE, "s", 500, 300);

    assertThat(restores.progress()).isEqualTo(new Progress(2, 750));
    assertThat(told).hasValue(300);
  }

  @Test
  void shouldHaveNothingLeftOnceAllAreRestoredOrGivenAway() {
    restores.onRestoreStart(ONE, "s", 0, 10);
    restores.onRestoreStart(TWO, "s", 0, 10);
    restores.onRestoreEnd(ONE, "s", 10);
    restores.onRestoreSuspended(TWO, "s", 3);

    assertThat(restores.progress()).isEqualTo(new Progress(0, 0));
  }
}
