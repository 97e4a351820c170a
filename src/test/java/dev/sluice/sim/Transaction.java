package dev.sluice.sim;

/** Records of a worker between two commits: seen by readers after the second, or never. */
final class Transaction {
  private boolean open = true;
  private boolean aborted;

  /** Whether it may still become either. */
  boolean isOpen() {
    return open;
  }

  /** Whether its records are never to be read. */
  boolean isAborted() {
    return aborted;
  }

  void commit() {
    end(false);
  }

  void abort() {
    end(true);
  }

  private void end(boolean abort) {
    if (!open) {
      throw new IllegalStateException("the transaction has ended");
    }
    open = false;
    aborted = abort;
  }
}
