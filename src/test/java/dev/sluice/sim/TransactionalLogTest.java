package dev.sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TransactionalLogTest {
  private final TransactionalLog<String> log = new TransactionalLog<>();
  private final Transaction first = new Transaction();
  private final Transaction second = new Transaction();

  @Test
  void shouldWaitBeforeAnOpenTransactionAlsoWhenALaterOneIsCommitted() {
    log.append("a", first);
    log.append("b", second);
    second.commit();

    assertThat(log.readable(0)).isEqualTo(TransactionalLog.NONE);
  }

  @Test
  void shouldPassOverWhatWasAborted() {
    log.append("a", first);
    log.append("b", second);
    first.abort();
    second.commit();

    assertThat(log.readable(0)).isEqualTo(1);
    assertThat(log.at(1)).isEqualTo("b");
    assertThat(log.readable(2)).isEqualTo(TransactionalLog.NONE);
  }
}
