package dev.sluice.streams;

import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * Commits without waiting for the commit interval where that is worth it: for what is rare and
 * touches many. Seldom enough that a flood of such events is not slowed down by commits.
 */
public final class EarlyCommit {
  private static final long EVERY_MS = 100;

  private final ProcessorContext<?, ?> context;
  private long lastMs;

  /** For one task. */
  public EarlyCommit(ProcessorContext<?, ?> context) {
    this.context = context;
  }

  /** Asks for a commit, unless the last one that it asked for was a moment ago. */
  public void commit() {
    var nowMs = context.currentSystemTimeMs();
    if (nowMs - lastMs >= EVERY_MS) {
      lastMs = nowMs;
      context.commit();
    }
  }
}
