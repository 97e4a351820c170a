package dev.sluice.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Folders that other users of the machine cannot read, since their files contain user ids. */
public final class PrivateFolder {

  private PrivateFolder() {}

  /** Creates a missing folder; an existing one keeps its permissions. */
  public static void make(Path folder) throws IOException {
    var whole = folder.toAbsolutePath().normalize();
    if (Files.isDirectory(whole)) {
      return;
    }
    if (whole.getParent() != null) {
      Files.createDirectories(whole.getParent());
    }
    if (whole.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectory(
          whole,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
    } else {
      Files.createDirectory(whole);
    }
  }
}
