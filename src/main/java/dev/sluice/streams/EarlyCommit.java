package dev.sluice.streams;

import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * Requests a commit before the commit interval ends, for rare events that affect many users.
 * Limited in frequency, so that a flood of such events is not slowed down by commits.
 */
public final class EarlyCommit {
  private static final long EVERY_MS = 100;

  private final ProcessorContext<?, ?> context;
  private long lastMs;

  /** Creates the instance of one task. */
  public EarlyCommit(ProcessorContext<?, ?> context) {
    this.context = context;
  }

  /** Requests a commit, unless it requested another a moment ago. */
  public void commit() {
    var nowMs = context.currentSystemTimeMs();
    if (nowMs - lastMs >= EVERY_MS) {
      lastMs = nowMs;
      context.commit();
    }
  }
}
