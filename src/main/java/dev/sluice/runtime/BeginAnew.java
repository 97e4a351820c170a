package dev.sluice.runtime;

import dev.sluice.config.WorkerKeys;

/** How a worker begins anew over outputs that hold something, in words. */
final class BeginAnew {

  /** Fits behind "begin anew:". */
  static final String STEPS =
      "set application.id to one that was never used, data.dir to an empty folder, and "
          + WorkerKeys.COMMANDS_EPOCH.key()
          + " to one more than the highest epoch in access-commands (a start without it names the"
          + " number), so that readers of commands can tell the new commands from the old";

  private BeginAnew() {}
}
