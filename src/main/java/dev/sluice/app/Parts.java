package dev.sluice.app;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The started parts of a process. They are closed in reverse order, each of them once, even if
 * closing another one fails. For one thread.
 */
final class Parts implements AutoCloseable {

  private record Part(String name, AutoCloseable closing) {}

  private final Deque<Part> parts = new ArrayDeque<>();

  /** Adds a part that has been started. */
  <T extends AutoCloseable> T add(String name, T part) {
    parts.push(new Part(name, part));
    return part;
  }

  /** Returns the names of the parts, in the order of their start. */
  List<String> names() {
    var names = new ArrayList<String>();
    parts.descendingIterator().forEachRemaining(part -> names.add(part.name()));
    return names;
  }

  /** Closes all parts after a start that failed; a failure to close is added to the error. */
  void closeAfter(Throwable error) {
    var failure = closeAll();
    if (failure != null) {
      error.addSuppressed(failure);
    }
  }

  /**
   * Closes all parts.
   *
   * @throws RuntimeException the first failure to close a part; others are added to it
   */
  @Override
  public void close() {
    var failure = closeAll();
    if (failure != null) {
      throw failure;
    }
  }

  private @Nullable RuntimeException closeAll() {
    RuntimeException first = null;
    while (!parts.isEmpty()) {
      var part = parts.pop();
      try {
        part.closing().close();
      } catch (Exception e) {
        if (e instanceof InterruptedException) {
          Thread.currentThread().interrupt();
        }
        var failure =
            e instanceof RuntimeException own
                ? own
                : new IllegalStateException("cannot close " + part.name(), e);
        if (first == null) {
          first = failure;
        } else {
          first.addSuppressed(failure);
        }
      }
    }
    return first;
  }
}
