package dev.sluice.executor;

import dev.sluice.delivery.Command;
import dev.sluice.delivery.CommandAction;
import org.jspecify.annotations.Nullable;

/**
 * The state of one pair: a user and a source.
 *
 * @param desired the newest command
 * @param phase how far it is
 * @param applied the last command that the platform confirmed; null for none
 * @param origin who gave the access
 * @param place the names on the platform; null until they are found
 * @param attempts how often the newest command was tried
 * @param acceptedMs when the newest command was read, in milliseconds since the epoch
 * @param nextTryMs when it is tried next, in milliseconds since the epoch
 * @param released whether a person released it from the brake, or the brake let it pass
 */
public record PairState(
    Command desired,
    Phase phase,
    @Nullable Applied applied,
    Origin origin,
    @Nullable Place place,
    int attempts,
    long acceptedMs,
    long nextTryMs,
    boolean released) {

  /** Returns the key of its commands. */
  public String key() {
    return desired.key();
  }

  /** Returns what has to be done next; null while nothing has to be done. */
  public @Nullable Task task() {
    if (phase != Phase.WAITING) {
      return null;
    }
    if (isBraked()) {
      return Task.BRAKE;
    }
    if (place == null || origin != Origin.SLUICE) {
      return Task.LOOK;
    }
    return desired.action() == CommandAction.GRANT ? Task.GRANT : Task.REVOKE;
  }

  /** Returns whether the brake has to be asked before its command is carried out. */
  boolean isBraked() {
    return phase == Phase.WAITING && !released && Brake.appliesTo(desired);
  }

  /** Returns whether the user is known to have access by Sluice's commands. */
  boolean holds() {
    return applied != null && applied.action() == CommandAction.GRANT;
  }

  /** Returns the state with a newer command. */
  PairState with(Command command, long nowMs, long firstTryMs) {
    return new PairState(
        command, Phase.WAITING, applied, origin, place, 0, nowMs, firstTryMs, false);
  }

  PairState phase(Phase next) {
    return new PairState(
        desired, next, applied, origin, place, attempts, acceptedMs, nextTryMs, released);
  }

  /** Returns the state after the platform was asked, and before anything is changed there. */
  PairState found(Origin of, @Nullable Place names) {
    return new PairState(
        desired, phase, applied, of, names, attempts, acceptedMs, nextTryMs, released);
  }

  PairState applied(Applied done) {
    return new PairState(
        desired, phase, done, origin, place, attempts, acceptedMs, nextTryMs, released);
  }

  PairState tried(Phase next, long nextMs) {
    return new PairState(
        desired, next, applied, origin, place, attemptsAfter(), acceptedMs, nextMs, released);
  }

  PairState dueAt(long ms, boolean isReleased) {
    return new PairState(
        desired, Phase.WAITING, applied, origin, place, attempts, acceptedMs, ms, isReleased);
  }

  /** Returns the number of attempts with the present one. */
  int attemptsAfter() {
    return attempts == Integer.MAX_VALUE ? attempts : attempts + 1;
  }
}
