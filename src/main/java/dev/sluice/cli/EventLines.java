package dev.sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.client.EventValidation;
import dev.sluice.event.Event;
import dev.sluice.event.codec.EventJson;
import dev.sluice.event.codec.EventJson.InvalidJsonException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Events as JSON lines. Empty lines, and lines that begin with #, are skipped. In a line, {@code
 * expiresAt} and {@code startsAt} may be a duration after the time of publishing, like {@code
 * "+2s"}.
 */
public final class EventLines {
  private static final Pattern FROM_NOW =
      Pattern.compile("(?<!\\\\)(\"(expiresAt|startsAt)\"\\s*:\\s*\")\\+([^\"]*)\"");

  /** Prefix of skipped lines. */
  private static final String COMMENT = "#";

  /** Character with which Java replaces bytes that are not UTF-8. */
  private static final char NOT_UTF_8 = '\uFFFD';

  private EventLines() {}

  /**
   * A line that contains a valid event.
   *
   * @param file its file
   * @param number its line number, from 1
   */
  public record Line(String file, int number, String text) {

    /** Returns file and line, for messages. */
    public String where() {
      return file + ":" + number;
    }

    /**
     * Returns the event, published now.
     *
     * @throws UsageException if the line is not an event, with file, line and column
     */
    public Event at(Instant now) {
      try {
        return EventJson.read(absolute(now));
      } catch (InvalidJsonException e) {
        throw new UsageException(
            "%s:%d:%d: %s".formatted(file, number, e.column(), e.getMessage()));
      }
    }

    private String absolute(Instant now) {
      return FROM_NOW
          .matcher(text)
          .replaceAll(
              match -> {
                try {
                  return match.group(1)
                      + now.plus(new DurationConverter().convert(match.group(3)))
                      + '"';
                } catch (picocli.CommandLine.TypeConversionException | DateTimeException e) {
                  throw new UsageException(
                      "%s:%d:%d: %s: %s"
                          .formatted(
                              file, number, match.start() + 1, match.group(2), e.getMessage()));
                }
              });
    }
  }

  /** Reads bytes as UTF-8; invalid bytes become {@link #NOT_UTF_8}. */
  static BufferedReader reader(InputStream bytes) {
    return new BufferedReader(new InputStreamReader(bytes, UTF_8));
  }

  /**
   * Opens a file or a pipe.
   *
   * @throws UsageException if it cannot be read
   */
  public static BufferedReader open(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new UsageException(file + " is a folder: name a file with one event per line");
    }
    try {
      return reader(Files.newInputStream(file));
    } catch (NoSuchFileException e) {
      throw new UsageException("no such file: " + file);
    } catch (AccessDeniedException e) {
      throw new UsageException(file + " is not readable for this user");
    }
  }

  /**
   * Reads all lines; each is checked before any is returned.
   *
   * @param name name of the input, for messages
   * @throws UsageException at the first line that is not an event, with name, line and column
   */
  public static List<Line> readAll(String name, BufferedReader lines) throws IOException {
    var events = new ArrayList<Line>();
    forEach(name, lines, events::add);
    return events;
  }

  /**
   * Passes on line by line, each after its check.
   *
   * @throws UsageException at the first line that is not an event, with name, line and column
   */
  static void forEach(String name, BufferedReader lines, Consumer<Line> consumer)
      throws IOException {
    int number = 0;
    for (var text = lines.readLine(); text != null; text = lines.readLine()) {
      number++;
      if (number == 1 && text.startsWith("\uFEFF")) {
        text = text.substring(1);
      }
      if (text.isBlank() || text.startsWith(COMMENT)) {
        continue;
      }
      var broken = text.indexOf(NOT_UTF_8);
      if (broken >= 0) {
        throw new UsageException(
            "%s:%d:%d: not UTF-8; store the file as UTF-8".formatted(name, number, broken + 1));
      }
      var line = new Line(name, number, text);
      var problem = EventValidation.problem(line.at(Instant.now()));
      if (problem != null) {
        throw new UsageException("%s: %s".formatted(line.where(), problem));
      }
      consumer.accept(line);
    }
  }
}
