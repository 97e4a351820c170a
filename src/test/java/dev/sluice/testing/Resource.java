package dev.sluice.testing;

/** Things that tests share, for {@code @ResourceLock}. */
public final class Resource {
  /**
   * The log of failed threads. A test that asserts that it is empty locks it; a test whose workers
   * may write to it, and that runs beside others, locks it for reading.
   */
  public static final String FAILURE_LOG = "dev.sluice.failure.FailureHandler";

  private Resource() {}
}
