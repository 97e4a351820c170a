package dev.sluice.access.command;

import net.bytebuddy.asm.Advice;

/** Mistakes for the path of commands, to be woven into its classes; they are never run here. */
public final class CommandFaults {

  private CommandFaults() {}

  /** Gives a command that was taken to Streams as well. */
  public static final class TakenAndHandedOver {
    private TakenAndHandedOver() {}

    @Advice.OnMethodExit
    static void after(@Advice.Return(readOnly = false) boolean taken) {
      taken = false;
    }
  }

  /** Does not give a command that was refused to Streams either. */
  public static final class NeverHandedOver {
    private NeverHandedOver() {}

    @Advice.OnMethodExit
    static void after(@Advice.Return(readOnly = false) boolean taken) {
      taken = true;
    }
  }
}
