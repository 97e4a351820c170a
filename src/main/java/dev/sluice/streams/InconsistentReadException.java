package dev.sluice.streams;

/**
 * Reports that one read names an entry which the next read does not find. A reader beside the
 * task's thread reads again, since the thread may have changed the state between the two. For the
 * task's own thread the state is broken.
 */
public final class InconsistentReadException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /** Names the entry. */
  public InconsistentReadException(String message) {
    super(message);
  }

  /** Names the entry, as another exception does. */
  public InconsistentReadException(String message, Throwable cause) {
    super(message, cause);
  }
}
