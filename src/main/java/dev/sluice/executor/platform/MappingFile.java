package dev.sluice.executor.platform;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mapping file, read again when it changed. A file that is wrong or missing later on changes
 * nothing: the names that were read last stay.
 */
final class MappingFile {
  private static final Logger LOG = LoggerFactory.getLogger(MappingFile.class);

  private final @Nullable Path file;
  private final CaseRule caseRule;
  private NameMapping mapping = NameMapping.EMPTY;
  private @Nullable Stamp read;
  private String logged = "";

  /** Tells one content from another. */
  private record Stamp(FileTime modified, long bytes) {}

  /**
   * Reads the file.
   *
   * @param file null for no names at all
   * @throws IllegalArgumentException if it cannot be used
   */
  MappingFile(@Nullable Path file, CaseRule caseRule) {
    this.file = file;
    this.caseRule = caseRule;
    if (file != null) {
      try {
        read(file);
      } catch (IOException e) {
        throw new IllegalArgumentException("%s cannot be read: %s".formatted(file, e), e);
      }
    }
  }

  /** Returns the names, and reads the file first if it changed. */
  NameMapping get() {
    refresh();
    return mapping;
  }

  /** Reads the file if it changed; returns whether names changed. */
  boolean refresh() {
    if (file == null) {
      return false;
    }
    try {
      return !stamp(file).equals(read) && read(file);
    } catch (IOException | IllegalArgumentException e) {
      var problem = "%s: the names read before stay in use: %s".formatted(file, e.getMessage());
      if (!problem.equals(logged)) {
        logged = problem;
        LOG.warn("{}", problem);
      }
      return false;
    }
  }

  private static Stamp stamp(Path file) throws IOException {
    return new Stamp(Files.getLastModifiedTime(file), Files.size(file));
  }

  private boolean read(Path from) throws IOException {
    var stamp = stamp(from);
    NameMapping found;
    try {
      found =
          NameMapping.read(new String(Files.readAllBytes(from), UTF_8).lines().toList(), caseRule);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("%s: %s".formatted(from, e.getMessage()), e);
    }
    read = stamp;
    logged = "";
    var isOther = !found.equals(mapping);
    mapping = found;
    return isOther;
  }
}
