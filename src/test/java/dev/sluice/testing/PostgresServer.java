package dev.sluice.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A real PostgreSQL in a folder of its own. It refuses to run as root, so root starts it as the
 * user that comes with the package.
 */
public final class PostgresServer implements AutoCloseable {
  private static final Path VERSIONS = Path.of("/usr/lib/postgresql");
  private static final Path USERS = Path.of("/etc/passwd");
  private static final String OTHER_USER = "postgres";
  private static final long SECONDS_MAX = 120;

  private final Path folder;
  private final Process process;
  private final int port;

  private PostgresServer(Path folder, Process process, int port) {
    this.folder = folder;
    this.process = process;
    this.port = port;
  }

  /** Starts one; skips the test where there is none. */
  public static PostgresServer start() throws IOException, InterruptedException {
    var programs = programs();
    var asOther = "root".equals(System.getProperty("user.name"));
    Requirement.POSTGRESQL.require(
        programs.isPresent()
            && (!asOther
                || (Requirement.onPath("setpriv").isPresent()
                    && Files.readAllLines(USERS).stream()
                        .anyMatch(line -> line.startsWith(OTHER_USER + ":")))));
    var folder = TestFolders.create("sluice-postgres-");
    if (asOther) {
      var users = folder.getFileSystem().getUserPrincipalLookupService();
      Files.setOwner(folder, users.lookupPrincipalByName(OTHER_USER));
    }
    var data = folder.resolve("data");
    var bin = programs.orElseThrow();
    var made =
        new ProcessBuilder(
                as(
                    asOther,
                    bin.resolve("initdb").toString(),
                    "-D",
                    data.toString(),
                    "-U",
                    "postgres",
                    "-A",
                    "trust",
                    "-E",
                    "UTF8",
                    "--locale=C",
                    "--no-sync"))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!made.waitFor(SECONDS_MAX, TimeUnit.SECONDS) || made.exitValue() != 0) {
      made.destroyForcibly();
      throw new IllegalStateException("initdb failed in " + folder);
    }
    var port = FreePorts.next();
    var process =
        new ProcessBuilder(
                as(
                    asOther,
                    bin.resolve("postgres").toString(),
                    "-D",
                    data.toString(),
                    "-p",
                    "" + port,
                    "-k",
                    folder.toString(),
                    "-c",
                    "listen_addresses=127.0.0.1",
                    "-c",
                    "fsync=off"))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    var server = new PostgresServer(folder, process, port);
    Awaitility.await("PostgreSQL")
        .atMost(Duration.ofSeconds(SECONDS_MAX))
        .pollInterval(Duration.ofMillis(100))
        .until(server::answers);
    return server;
  }

  private static List<String> as(boolean other, String... command) {
    var all = new ArrayList<String>();
    if (other) {
      // Without a shell in between, a signal reaches the server itself.
      all.addAll(List.of("setpriv", "--reuid=" + OTHER_USER, "--regid=" + OTHER_USER));
      all.add("--clear-groups");
    }
    all.addAll(List.of(command));
    return all;
  }

  /** Returns the folder with the programs of the newest version. */
  private static Optional<Path> programs() throws IOException {
    if (!Files.isDirectory(VERSIONS)) {
      return Requirement.onPath("initdb").map(Path::getParent);
    }
    try (Stream<Path> versions = Files.list(VERSIONS)) {
      return versions
          .sorted(Comparator.comparing(Path::toString).reversed())
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
          .findFirst();
    }
  }

  private boolean answers() {
    if (!process.isAlive()) {
      throw new IllegalStateException("PostgreSQL ended with " + process.exitValue());
    }
    try {
      connect().close();
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  /** Returns the URL of a database. */
  public String url() {
    return "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(port);
  }

  /** Connects as the superuser. */
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(url(), "postgres", "");
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    try {
      TestFolders.remove(folder);
    } catch (UncheckedIOException e) {
      folder.toFile().deleteOnExit();
    }
  }
}
