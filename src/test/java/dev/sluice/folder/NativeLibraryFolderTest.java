package dev.sluice.folder;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibraryFolderTest {
  @TempDir private Path folder;

  @Test
  void shouldTakeAFolderThatCanBeWrittenToAndLeaveNothingInIt() throws Exception {
    assertThat(NativeLibraryFolder.problem(folder, Map.of())).isNull();
    try (var left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void shouldSayInASentenceThatThereIsNone() {
    assertThat(NativeLibraryFolder.problem(folder.resolve("none"), Map.of()))
        .isEqualTo(
            "the temporary folder %s (java.io.tmpdir) does not exist, or is not a folder"
                .formatted(folder.resolve("none")));
  }

  @Test
  void shouldNotNeedOneWhereTheLibraryIsElsewhere() {
    assertThat(
            NativeLibraryFolder.problem(
                folder.resolve("none"), Map.of("ROCKSDB_SHAREDLIB_DIR", "/opt/lib")))
        .isNull();
  }
}
