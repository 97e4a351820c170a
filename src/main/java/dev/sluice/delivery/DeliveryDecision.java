package dev.sluice.delivery;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of one user and source after a command or a result.
 *
 * @param outstanding the outstanding command; null for none
 * @param early the result that waits for its command; null for none
 * @param counted the results whose end was decided: none while one waits, or two
 * @param effect what became of the command; APPLIED for a result
 * @param confirmedAfterMs the time from the command to its confirmation, in milliseconds; null if
 *     nothing was confirmed
 * @param confirmed the action that was confirmed; null if nothing was
 */
public record DeliveryDecision(
    @Nullable Outstanding outstanding,
    @Nullable EarlyResult early,
    List<CountedResult> counted,
    CommandEffect effect,
    @Nullable Long confirmedAfterMs,
    @Nullable CommandAction confirmed) {

  /** The effect of a command. */
  public enum CommandEffect {
    /** It is the newest of its user and source. */
    APPLIED,
    /** The same command was outstanding already. */
    REPEATED,
    /** A newer one is outstanding. */
    SUPERSEDED
  }

  /** Copies the list. */
  public DeliveryDecision {
    counted = List.copyOf(counted);
  }
}
