package dev.sluice.folder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fate of the state at the next start. */
class StateFolderTest {
  @TempDir private Path data;
  private Path state;
  private Path task;

  @BeforeEach
  void makeState() throws IOException {
    state = data.resolve("state/sluice");
    task = Files.createDirectories(state.resolve("0_0")).resolve("rocksdb");
    Files.writeString(task, "state");
  }

  private StateFolder begin(boolean transactional) {
    var stateFolder = StateFolder.open(data, state, 0, transactional);
    stateFolder.begin();
    return stateFolder;
  }

  /** State that was killed is used again only where neither run left uncommitted writes in it. */
  @ParameterizedTest
  @CsvSource({"false,false,false", "false,true,false", "true,false,false", "true,true,true"})
  void shouldKeepTheStateOfAKilledWorkerOnlyWhereAllInItWasCommitted(
      boolean before, boolean now, boolean isKept) {
    begin(before).close(false);

    begin(now).close(true);

    assertThat(Files.exists(task)).isEqualTo(isKept);
  }

  @Test
  void shouldKeepTheStateOfAWorkerThatStoppedInGoodOrder() {
    begin(false).close(true);

    begin(false).close(true);

    assertThat(task).exists();
  }

  @Test
  void shouldRemoveTheStateOfAnEarlierVersionThatWasKilled() throws IOException {
    Files.createFile(state.resolve("worker.running"));

    begin(true).close(true);

    assertThat(task).doesNotExist();
  }

  @Test
  void shouldRememberHowTheStateIsWrittenNow() {
    begin(false).close(false);
    begin(true).close(false);

    begin(true).close(true);

    assertThat(state.resolve("worker.running")).doesNotExist();
  }
}
