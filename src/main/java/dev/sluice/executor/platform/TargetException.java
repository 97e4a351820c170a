package dev.sluice.executor.platform;

import dev.sluice.executor.Trouble;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Thrown if a platform did not do what it was asked for. */
public final class TargetException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final transient Trouble trouble;

  /** Makes one; the message is the trouble's. */
  public TargetException(Trouble trouble, @Nullable Throwable cause) {
    super(trouble.message(), cause);
    this.trouble = trouble;
  }

  /** Returns what is wrong. */
  public Trouble trouble() {
    return trouble;
  }
}
