package dev.sluice.worker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.access.AccessDiff;
import dev.sluice.access.AccessObserver;
import dev.sluice.product.stage.EventObserver;
import dev.sluice.topology.Observers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes the last record given to each stream thread. A process that runs out of memory ends at once
 * and cannot log. Therefore the notes are in a small memory-mapped file of the state folder, which
 * the operating system writes even then. The next start reports them. Noting allocates no memory.
 */
final class LastRecords {
  private static final Logger LOG = LoggerFactory.getLogger(LastRecords.class);

  /** File name in the state folder; each line has input, partition, offset and time. */
  static final String FILE = "last-records";

  private static final String EVENTS = "product-events";
  private static final String UPDATES = "access-updates";

  /** As long as the others. */
  private static final String USERS = "user-events   ";

  private static final int NAME = 14;
  private static final int PARTITION = 10;
  private static final int NUMBER = 19;
  private static final int LINE = NAME + 1 + PARTITION + 1 + NUMBER + 1 + NUMBER + 1;
  private static final int TEN = 10;

  /** Number of lines per thread: replaced threads use new lines, and then the first ones again. */
  private static final int LINES_OF_THREAD = 4;

  private static final Pattern NOTE =
      Pattern.compile(
          "(product-events|access-updates|user-events   ) (\\d{10}) (\\d{19}) (\\d{19})");

  private final LongSupplier clockMs;
  private final int lines;
  private final AtomicInteger next = new AtomicInteger();
  private final ThreadLocal<Integer> line;
  private volatile ByteBuffer notes;
  private volatile @Nullable Path file;

  /**
   * Creates notes in memory.
   *
   * @param threads number of the worker's threads
   * @param clockMs milliseconds since the epoch
   */
  LastRecords(int threads, LongSupplier clockMs) {
    this.clockMs = clockMs;
    lines = threads * LINES_OF_THREAD;
    line = ThreadLocal.withInitial(() -> next.getAndIncrement() % lines);
    notes = ByteBuffer.allocate(lines * LINE);
    blank(notes);
  }

  private static void blank(ByteBuffer notes) {
    for (int i = 0; i < notes.capacity(); i++) {
      notes.put(i, (byte) (i % LINE == LINE - 1 ? '\n' : ' '));
    }
  }

  /**
   * Stores the notes in a folder from now on, and reports those of a previous process that did not
   * stop properly.
   */
  void keepIn(Path folder) {
    var path = folder.resolve(FILE);
    try {
      if (Files.exists(path)) {
        var found = text(Files.readString(path, ISO_8859_1));
        LOG.warn(
            "the worker that used {} before ended without stopping properly. Its stream threads"
                + " were last given: {}. If it ran out of memory (exit status 3), one of these may"
                + " be the cause: docs/runbook.md, section Exit status 3",
            folder,
            found.isEmpty() ? "no record" : found);
      }
      try (var channel =
          FileChannel.open(
              path,
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        var mapped = channel.map(MapMode.READ_WRITE, 0, (long) lines * LINE);
        blank(mapped);
        notes = mapped;
        file = path;
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("cannot keep the last records in {}: {}", path, String.valueOf(e.getMessage()));
    }
  }

  /** Returns listeners that update the notes, after the given ones. */
  Observers behind(Observers first) {
    return first.and(new OfEvents(), new OfUpdates());
  }

  private void note(String input, int partition, long offset) {
    var into = notes;
    int at = line.get() * LINE;
    for (int i = 0; i < NAME; i++) {
      into.put(at + i, (byte) input.charAt(i));
    }
    number(into, at + NAME + 1, PARTITION, partition);
    number(into, at + NAME + 1 + PARTITION + 1, NUMBER, offset);
    number(into, at + NAME + 1 + PARTITION + 1 + NUMBER + 1, NUMBER, clockMs.getAsLong());
  }

  private static void number(ByteBuffer into, int at, int width, long number) {
    long rest = number;
    for (int i = width - 1; i >= 0; i--) {
      into.put(at + i, (byte) ('0' + rest % TEN));
      rest /= TEN;
    }
  }

  /** Returns the notes as text, newest first; empty if there are none. */
  String text() {
    var now = notes;
    var bytes = new byte[now.capacity()];
    now.get(0, bytes);
    return text(new String(bytes, US_ASCII));
  }

  private static String text(String text) {
    return Arrays.stream(text.split("\n"))
        .map(NOTE::matcher)
        .filter(note -> note.matches())
        .sorted((a, b) -> b.group(4).compareTo(a.group(4)))
        .map(
            note ->
                "%s partition %d offset %d at %s"
                    .formatted(
                        note.group(1).strip(),
                        Long.parseLong(note.group(2)),
                        Long.parseLong(note.group(3)),
                        Instant.ofEpochMilli(Long.parseLong(note.group(4)))))
        .collect(Collectors.joining("; "));
  }

  /** Removes the notes after a proper stop, so that nothing is reported. */
  void forget() {
    var kept = file;
    if (kept != null) {
      try {
        Files.deleteIfExists(kept);
      } catch (IOException e) {
        LOG.debug("cannot remove {}", kept, e);
      }
    }
  }

  private final class OfEvents implements EventObserver {
    @Override
    public void given(int partition, long offset) {
      note(EVENTS, partition, offset);
    }

    @Override
    public void givenUser(int partition, long offset) {
      note(USERS, partition, offset);
    }

    @Override
    public void decided(String type, String outcome) {}
  }

  private final class OfUpdates implements AccessObserver {
    @Override
    public void given(int partition, long offset) {
      note(UPDATES, partition, offset);
    }

    @Override
    public void emitted(AccessDiff.Change change, long count) {}
  }
}
