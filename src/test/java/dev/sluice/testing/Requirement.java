package dev.sluice.testing;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.opentest4j.TestAbortedException;

/**
 * Something outside this build that some tests need and a machine may lack. A test without it is
 * skipped, and the build's last line names it ({@link SkippedTests}).
 */
public enum Requirement {
  CHROMIUM("Chromium", "no Chromium is installed (Debian's package chromium has it)"),
  CONFLUENT_KAFKA(
      "Python's confluent-kafka",
      "python3 lacks fastavro or confluent-kafka (pip install fastavro confluent-kafka)"),
  DISK_RIGHTS("root's right", "a disk or folder cannot be made so here: that takes root's right"),
  DOCKER("Docker", "no container engine answers here"),
  FASTAVRO("Python's fastavro", "python3 has no fastavro (pip install fastavro)"),
  KCAT("kcat", "kcat is not installed (Debian's package kcat has it)"),
  MARIADB("MariaDB", "MariaDB is not installed (Debian's package mariadb-server has it)"),
  POSTGRESQL("PostgreSQL", "PostgreSQL is not installed (Debian's package postgresql has it)"),
  PROMETHEUS("Prometheus", "prometheus or promtool is missing (Debian's package prometheus)");

  private final String title;
  private final String absence;

  Requirement(String title, String absence) {
    this.title = title;
    this.absence = absence;
  }

  /** Returns the name for the summary, such as {@code Docker}. */
  public String title() {
    return title;
  }

  /**
   * Skips the test if this is missing.
   *
   * @throws MissingRequirementException if this is missing
   */
  public void require(boolean isThere) {
    if (!isThere) {
      throw new MissingRequirementException(this);
    }
  }

  /** Skips the test if one of these programs is not on the path. */
  public void requireOnPath(String... programs) {
    require(Arrays.stream(programs).allMatch(program -> onPath(program).isPresent()));
  }

  /** Returns the first executable file with one of these names in a folder of {@code PATH}. */
  public static Optional<Path> onPath(String... names) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .flatMap(folder -> Arrays.stream(names).map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Thrown by a test that cannot run here. JUnit counts the test as skipped. */
  public static final class MissingRequirementException extends TestAbortedException {
    private static final long serialVersionUID = 1L;

    private final Requirement requirement;

    private MissingRequirementException(Requirement requirement) {
      super(requirement.absence + ": skipped");
      this.requirement = requirement;
    }

    Requirement requirement() {
      return requirement;
    }
  }
}
