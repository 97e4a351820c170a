package dev.sluice.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies log levels from a file, which is read repeatedly. A user with write access to the file
 * can change levels while the worker runs. A line names a logger and its level, as in {@code
 * dev.sluice.access=DEBUG}; without its line, a logger has its original level.
 */
public final class LogLevels implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogLevels.class);
  private static final long EVERY_MS = 2_000;

  private final LoggerContext context;
  private final Path file;
  private final Map<String, @Nullable Level> before = new HashMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("log-levels").factory());
  private String text = "";

  LogLevels(LoggerContext context, Path file) {
    this.context = context;
    this.file = file;
  }

  /** Starts following a file, which may be created later. */
  public static LogLevels follow(Path file) {
    var levels = new LogLevels((LoggerContext) LoggerFactory.getILoggerFactory(), file);
    levels.timer.scheduleWithFixedDelay(levels::reload, 0, EVERY_MS, TimeUnit.MILLISECONDS);
    return levels;
  }

  /** Reads the file once; an unusable file changes nothing, and is logged once. */
  void reload() {
    String found;
    try {
      found = Files.readString(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      found = "";
    } catch (IOException e) {
      LOG.debug("cannot read {}", file, e);
      return;
    }
    if (found.equals(text)) {
      return;
    }
    text = found;
    try {
      apply(parse(found));
    } catch (IllegalArgumentException e) {
      LOG.warn("the levels in {} are ignored: {}", file, e.getMessage());
    }
  }

  /** Returns levels by logger name; {@code root} is the root logger. */
  static Map<String, Level> parse(String text) {
    var levels = new TreeMap<String, Level>();
    var number = 0;
    for (var line : text.lines().toList()) {
      number++;
      var stripped = line.strip();
      if (stripped.isEmpty() || stripped.startsWith("#")) {
        continue;
      }
      var equals = stripped.indexOf('=');
      var level = equals < 1 ? null : Level.toLevel(stripped.substring(equals + 1).strip(), null);
      if (level == null) {
        throw new IllegalArgumentException(
            "line %d does not have the form logger=LEVEL, with LEVEL one of OFF, ERROR, WARN, INFO, DEBUG, TRACE"
                .formatted(number));
      }
      levels.put(stripped.substring(0, equals).strip(), level);
    }
    return levels;
  }

  private void apply(Map<String, Level> levels) {
    before.forEach(
        (name, level) -> {
          if (!levels.containsKey(name)) {
            context.getLogger(name).setLevel(level);
          }
        });
    before.keySet().retainAll(levels.keySet());
    levels.forEach(
        (name, level) -> {
          var logger = context.getLogger(name);
          before.putIfAbsent(name, logger.getLevel());
          logger.setLevel(level);
        });
    LOG.info("log levels: {}", levels.isEmpty() ? "as at the start" : levels);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
