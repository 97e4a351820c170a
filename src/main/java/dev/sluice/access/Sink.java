package dev.sluice.access;

/** Takes the commands that members are owed, in order. */
@FunctionalInterface
interface Sink {
  void emit(String userId, Settlement.Change change);
}
