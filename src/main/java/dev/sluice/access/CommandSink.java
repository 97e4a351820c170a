package dev.sluice.access;

/** Takes the commands for members, in order. */
@FunctionalInterface
public interface CommandSink {
  void emit(String userId, AccessDiff.Change change);
}
