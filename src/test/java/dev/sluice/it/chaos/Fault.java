package dev.sluice.it.chaos;

/** Faults that the test causes in processes. */
enum Fault {
  /** A worker is killed and soon started again. */
  KILL,
  /** A worker is killed while a sweep writes commands. */
  KILL_IN_SWEEP,
  /** A worker is killed, and has to restore its state from Kafka. */
  KILL_AND_LOSE_DATA,
  /** The same, and it is killed again while it joins or restores. */
  KILL_WHILE_RESTORING,
  /** All workers but one are killed at once. */
  KILL_ALL_BUT_ONE,
  /** The broker is killed and started again on its data. */
  KILL_BROKER,
  /** A worker and the broker are killed at once. */
  KILL_BROKER_AND_WORKER,
  /** A worker stands still for longer than the group waits for it, and then goes on. */
  FREEZE,
  /** Stops each worker, one after the other, and starts it again. */
  ROLL
}
