package dev.sluice.product.stage;

import dev.sluice.contract.RejectionReason;
import dev.sluice.event.Payload;
import dev.sluice.product.Due;
import java.util.List;
import java.util.stream.Stream;

/** Is told of every record on the input topic, once it is decided. */
@FunctionalInterface
public interface EventObserver {

  /** What may fall due: an end, or a notice before it. */
  List<String> FALLS_DUE = Stream.of(Due.Kind.values()).map(Due.Kind::label).toList();

  /** Every type of event. */
  List<String> TYPES = Payload.types().stream().<String>map(Class::getSimpleName).toList();

  /** The type of a record whose type cannot be told. */
  String UNKNOWN = "unknown";

  /**
   * A record is about to be processed.
   *
   * @param partition of product-events, from 0
   * @param offset from 0
   */
  default void given(int partition, long offset) {}

  /**
   * One record was decided.
   *
   * @param type the event's type; {@code unknown} when it is unreadable
   * @param outcome {@code applied}, {@code no_op}, {@code duplicate}, or the {@link
   *     RejectionReason}
   */
  void decided(String type, String outcome);

  /**
   * One record was rejected; {@link #decided} is told too.
   *
   * @param message what is wrong, in words
   * @param where which event it is, where that is known, and where it was read, in words
   */
  default void rejected(RejectionReason reason, String message, String where) {}

  /**
   * A request's time had come, and was seen; {@link #decided} is told too.
   *
   * @param what one of {@link #FALLS_DUE}
   * @param lateMs how long after it should have been
   */
  default void fellDue(String what, long lateMs) {}

  /**
   * A task began its work.
   *
   * @param partition of product-events, that it reads
   * @param statistics is kept in step by it from now on
   */
  default void opened(int partition, TaskStatistics statistics) {}

  /** A task ended it; the same as before. */
  default void closed(int partition, TaskStatistics statistics) {}

  /** Tells each of them, in their order. */
  static EventObserver all(List<? extends EventObserver> observers) {
    return new EventObserver() {
      @Override
      public void given(int partition, long offset) {
        observers.forEach(each -> each.given(partition, offset));
      }

      @Override
      public void decided(String type, String outcome) {
        observers.forEach(each -> each.decided(type, outcome));
      }

      @Override
      public void rejected(RejectionReason reason, String message, String where) {
        observers.forEach(each -> each.rejected(reason, message, where));
      }

      @Override
      public void fellDue(String what, long lateMs) {
        observers.forEach(each -> each.fellDue(what, lateMs));
      }

      @Override
      public void opened(int partition, TaskStatistics statistics) {
        observers.forEach(each -> each.opened(partition, statistics));
      }

      @Override
      public void closed(int partition, TaskStatistics statistics) {
        observers.forEach(each -> each.closed(partition, statistics));
      }
    };
  }
}
