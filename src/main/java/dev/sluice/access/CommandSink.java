package dev.sluice.access;

/** Takes the commands that members are owed, in order. */
@FunctionalInterface
public interface CommandSink {
  void emit(String userId, AccessDiff.Change change);
}
