package dev.sluice.check;

import dev.sluice.auth.Authenticator;
import dev.sluice.config.ApiKeys;
import dev.sluice.config.HttpKeys;
import dev.sluice.config.InvalidConfigException;
import dev.sluice.config.LogKeys;
import dev.sluice.config.SluiceConfig;
import dev.sluice.config.StateStore;
import dev.sluice.config.WorkerKeys;
import dev.sluice.folder.NativeLibraryFolder;
import dev.sluice.http.HttpPort;
import dev.sluice.startup.StartPreconditions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Checks the files, folder and port that a worker needs on its machine. */
final class MachineCheck {
  private static final String LOCATION = ".location";

  private final SluiceConfig config;

  MachineCheck(SluiceConfig config) {
    this.config = config;
  }

  List<Finding> findings() {
    var findings = new ArrayList<Finding>();
    config
        .clientConfig()
        .forEach(
            (key, value) -> {
              if (key.endsWith(LOCATION)) {
                findings.add(file("kafka." + key, Path.of(value.toString())));
              }
            });
    var levels = config.find(LogKeys.LEVELS_FILE);
    if (levels != null && Files.exists(levels)) {
      findings.add(file("log.levels.file", levels));
    }
    findings.add(folder());
    findings.add(temporary(NativeLibraryFolder.current(), System.getenv()));
    findings.add(port());
    if (config.get(HttpKeys.PORT) >= 0) {
      findings.addAll(forOthers());
    }
    return findings;
  }

  private static Finding file(String key, Path file) {
    return Files.isRegularFile(file) && Files.isReadable(file)
        ? Finding.ok(key, file + " can be read")
        : Finding.failed(
            key,
            file + (Files.exists(file) ? " cannot be read" : " does not exist"),
            "set " + key + " to a file that the worker's user may read");
  }

  private Finding folder() {
    var what = "data.dir";
    var folder = config.dataDir().toAbsolutePath().normalize();
    if (config.get(WorkerKeys.STATE_STORE) == StateStore.MEMORY) {
      return Finding.ok(what, "state is kept in memory");
    }
    var there = folder;
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    if (!Files.isDirectory(there) || !Files.isWritable(there)) {
      return Finding.failed(
          what,
          there + (Files.isDirectory(there) ? " cannot be written" : " is not a folder"),
          "set data.dir to a folder that the worker's user may write to");
    }
    if (StartPreconditions.isFolderInUse(config)) {
      return Finding.failed(
          what,
          "another worker uses " + folder,
          "stop it, or set data.dir to a folder of this worker's own");
    }
    return space(what, folder, there);
  }

  private Finding space(String what, Path folder, Path there) {
    try {
      var free = Files.getFileStore(there).getUsableSpace();
      var text =
          "%s %s, %d MiB are free"
              .formatted(folder, there.equals(folder) ? "exists" : "can be created", free >> 20);
      return free < config.get(WorkerKeys.STATE_MEMORY_BYTES) / 2
          ? Finding.warning(what, text, "free some space; a worker stops when the disk is full")
          : Finding.ok(what, text);
    } catch (IOException e) {
      return Finding.warning(what, "cannot read the free space of " + there, Finding.quoting(e));
    }
  }

  /** Checks the folder for native libraries. */
  static Finding temporary(Path folder, Map<String, String> environment) {
    var what = "java.io.tmpdir";
    var problem = NativeLibraryFolder.problem(folder, environment);
    return problem == null
        ? Finding.ok(what, folder + " can be used")
        : Finding.failed(what, problem, NativeLibraryFolder.REMEDY);
  }

  /** Checks the keys and tokens of the HTTP port. */
  private List<Finding> forOthers() {
    var findings = new ArrayList<Finding>();
    if (config.find(ApiKeys.TLS_KEYSTORE) != null || config.find(ApiKeys.TLS_TRUSTSTORE) != null) {
      try {
        HttpPort.checkTls(config);
        findings.add(Finding.ok("http.tls", "keys and certificates can be read"));
      } catch (InvalidConfigException e) {
        findings.add(
            Finding.failed(
                "http.tls", Finding.quoting(e.getMessage()), "set the file and its password"));
      }
    }
    if (config.find(ApiKeys.AUTH_FILE) != null || config.find(ApiKeys.AUTH_JWKS) != null) {
      var problems = Authenticator.problems(config);
      problems.forEach(
          problem ->
              findings.add(
                  Finding.failed("http.auth", Finding.quoting(problem.text()), problem.remedy())));
      if (problems.isEmpty()) {
        findings.add(Finding.ok("http.auth", "tokens can be checked"));
      }
      if (config.find(ApiKeys.TLS_KEYSTORE) == null && !config.isHttpLocal()) {
        findings.add(
            Finding.warning(
                "http.tls",
                "tokens are sent unencrypted",
                "set http.tls.keystore, or run a TLS proxy on this machine"));
      }
    }
    return findings;
  }

  private Finding port() {
    var what = "http.port";
    var port = config.get(HttpKeys.PORT);
    if (port <= 0) {
      return Finding.ok(what, port == 0 ? "any free port" : "none");
    }
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(config.get(HttpKeys.HOST), port));
      return Finding.ok(what, "%s:%d is free".formatted(config.get(HttpKeys.HOST), port));
    } catch (IOException e) {
      return Finding.failed(
          what,
          "cannot listen on port %d of %s (%s)"
              .formatted(port, config.get(HttpKeys.HOST), Finding.quoting(e.getMessage())),
          "free it, or set http.port to another one, 0 for any free port, or -1 for none;"
              + " http.host sets the address");
    }
  }
}
