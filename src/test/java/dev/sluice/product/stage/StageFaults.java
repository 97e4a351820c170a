package dev.sluice.product.stage;

import net.bytebuddy.asm.Advice;

/** Mistakes for the product stage's glue, to be woven into its classes; they are never run here. */
public final class StageFaults {

  private StageFaults() {}

  /** A status is published with each request too. */
  public static final class AtOnce {
    private AtOnce() {}

    @Advice.OnMethodExit
    static void after(@Advice.Argument(1) UncommittedProducts.Status status) {
      status.publish().run();
    }
  }
}
