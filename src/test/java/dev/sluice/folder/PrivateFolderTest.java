package dev.sluice.folder;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFolderTest {
  @TempDir private Path folder;

  private static String rights(Path of) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(of));
  }

  @Test
  void shouldMakeAFolderThatOthersCannotReadAndLeaveOneThatIsThere() throws Exception {
    var data = folder.resolve("a/b/data");
    PrivateFolder.make(data);
    assertThat(rights(data)).isEqualTo("rwxr-x---");

    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
    PrivateFolder.make(data);
    assertThat(rights(data)).isEqualTo("rwxr-xr-x");
  }

  @Test
  void shouldOpenAWorkersFolderSo() throws Exception {
    var data = folder.resolve("data");
    StateFolder.open(data, data.resolve("state/x"), 0, false).close(true);
    assertThat(rights(data)).isEqualTo("rwxr-x---");
  }
}
