package dev.sluice.sim;

import java.util.function.UnaryOperator;

/**
 * The expectation for one task. It returns to the last commit when its task does.
 *
 * @param <S> what it knows
 */
abstract class Checked<S> {
  private final UnaryOperator<S> copier;
  private S committed;
  S state;

  Checked(S first, UnaryOperator<S> copier) {
    this.copier = copier;
    state = first;
    committed = copier.apply(first);
  }

  final void commit() {
    committed = copier.apply(state);
  }

  final void rollback() {
    state = copier.apply(committed);
  }
}
