package dev.sluice.limits;

/** The bound on what one task keeps decoded of its state, as a share of the heap. */
public final class TaskCache {
  private static final int SHARE = 64;
  private static final int BYTES_MIN = 2 << 20;
  private static final int BYTES_MAX = 64 << 20;

  /** Approximate memory of a source in a set, with its id and type, in bytes. */
  public static final int SOURCE_BYTES = 256;

  private TaskCache() {}

  /** Returns one sixty-fourth of the heap's maximum size, from 2 to 64 MiB, in bytes. */
  public static int bytes() {
    return Math.clamp(Runtime.getRuntime().maxMemory() / SHARE, BYTES_MIN, BYTES_MAX);
  }
}
