package dev.sluice.product;

import dev.sluice.contract.RejectionReason;

/** Tells another observer all that it is told; who extends it does something besides. */
public abstract class PassingOn implements EventObserver {
  private final EventObserver next;

  protected PassingOn(EventObserver next) {
    this.next = next;
  }

  @Override
  public void decided(String type, String outcome) {
    next.decided(type, outcome);
  }

  @Override
  public void rejected(RejectionReason reason, String message, String where) {
    next.rejected(reason, message, where);
  }

  @Override
  public void fellDue(String what, long lateMs) {
    next.fellDue(what, lateMs);
  }

  @Override
  public void opened(int partition, Population population) {
    next.opened(partition, population);
  }

  @Override
  public void closed(int partition, Population population) {
    next.closed(partition, population);
  }
}
