package dev.sluice.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.topology.Observers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the notes about each thread's last record, also after the process has ended. */
class LastRecordsTest {
  @TempDir private Path folder;
  private final AtomicLong clock = new AtomicLong(1_767_603_600_000L);

  @Test
  void shouldKeepTheLastRecordOfEachThreadInAFile() throws Exception {
    var last = new LastRecords(2, clock::get);
    last.keepIn(folder);
    var observers = last.behind(Observers.NONE);
    observers.events().getFirst().given(3, 1233);
    observers.events().getFirst().given(3, 1234);
    var other = new Thread(() -> observers.access().getFirst().given(12, Long.MAX_VALUE));
    clock.addAndGet(1);
    other.start();
    other.join();

    assertThat(last.text())
        .isEqualTo(
            "access-updates partition 12 offset 9223372036854775807 at 2026-01-05T09:00:00.001Z;"
                + " product-events partition 3 offset 1234 at 2026-01-05T09:00:00Z");
    // Nothing has closed it: so it is after a process that ended.
    assertThat(Files.readAllLines(folder.resolve(LastRecords.FILE)))
        .anySatisfy(
            line -> assertThat(line).startsWith("product-events 0000000003 0000000000000001234 "))
        .hasSize(8);
  }

  @Test
  void shouldForgetThemAfterAStopInGoodOrder() {
    var last = new LastRecords(1, clock::get);
    last.keepIn(folder);
    last.behind(Observers.NONE).events().getFirst().given(0, 1);
    last.forget();

    assertThat(folder.resolve(LastRecords.FILE)).doesNotExist();
    assertThat(new LastRecords(1, clock::get).text()).isEmpty();
  }

  @Test
  void shouldGoOnWithoutAFolderAndWithAFileThatIsNone() throws Exception {
    var last = new LastRecords(1, clock::get);
    last.keepIn(folder.resolve("none"));
    last.behind(Observers.NONE).access().getFirst().given(0, 7);
    assertThat(last.text()).contains("access-updates partition 0 offset 7");

    Files.write(folder.resolve(LastRecords.FILE), new byte[] {0, (byte) 200, '\n'});
    last.keepIn(folder);
    last.behind(Observers.NONE).events().getFirst().given(1, 2);
    assertThat(last.text()).contains("product-events partition 1 offset 2");
  }
}
