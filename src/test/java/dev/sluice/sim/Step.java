package dev.sluice.sim;

import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import dev.sluice.event.UserEvent;
import java.time.Duration;
import java.util.HexFormat;

/**
 * One thing that happens in a history. It can be done whatever other steps are left out: where
 * there is nothing to do for it, it does nothing.
 */
sealed interface Step {

  /**
   * A producer writes an event.
   *
   * @param elsewhere {@link #IN_PLACE}; or {@link #BY_CRC32}, as another client's partitioner does;
   *     or the partition that it is put in by hand
   */
  record Publish(ProductEvent event, int elsewhere) implements Step {
    static final int IN_PLACE = -1;
    static final int BY_CRC32 = -2;

    Publish(ProductEvent event) {
      this(event, IN_PLACE);
    }

    @Override
    public String toString() {
      return "publish %s to %s%s, sequence %s, at %s: %s"
          .formatted(
              event.eventId(),
              event.productId(),
              elsewhere == IN_PLACE ? "" : elsewhere == BY_CRC32 ? " by crc32" : " in " + elsewhere,
              event.sequence(),
              event.occurredAt(),
              brief(event.payload()));
    }

    private static String brief(Payload payload) {
      return payload.toString().replaceAll("\\w+=(null|\\[])(, )?", "");
    }
  }

  /**
   * A producer writes an event that says it is of another type than its payload, as one does whose
   * library chose the union's branch by its shape.
   */
  record Mistyped(ProductEvent event, String type) implements Step {
    @Override
    public String toString() {
      return "%s, but its type says \"%s\"".formatted(new Publish(event), type);
    }
  }

  /**
   * A producer writes an event about a user.
   *
   * @param elsewhere as for {@link Publish}
   */
  record PublishUser(UserEvent event, int elsewhere) implements Step {
    @Override
    public String toString() {
      return "publish %s of %s%s, sequence %s: %s"
          .formatted(
              event.eventId(),
              event.userId(),
              elsewhere == Publish.IN_PLACE ? "" : " elsewhere",
              event.sequence(),
              event.type());
    }
  }

  /** Somebody writes what is no event about a user. */
  record UserGarbage(int partition, byte[] value) implements Step {}

  /** A task of the user stage reads events. */
  record DecideUsers(int task, int events) implements Step {}

  /** Somebody writes what is no event. */
  record Garbage(int partition, byte[] key, byte[] value) implements Step {
    @Override
    public String toString() {
      return "garbage to product-events-%d, key %s, value %s"
          .formatted(partition, hex(key), hex(value));
    }

    private static String hex(byte[] bytes) {
      return bytes == null ? "null" : "0x" + HexFormat.of().formatHex(bytes);
    }
  }

  /** A task of the product stage reads events. */
  record Decide(int task, int events) implements Step {}

  /** A task of the product stage looks what is due. */
  record Due(int task) implements Step {}

  /** A task of the access stage reads updates. */
  record Deliver(int task, int updates) implements Step {}

  /** A task of the access stage sweeps: one slice. */
  record Slice(int task, int work) implements Step {}

  /** A thread commits what its tasks did. */
  record Commit(int thread) implements Step {}

  /** A thread is gone; what it has not committed hangs until the broker learns of it. */
  record Crash(int thread) implements Step {}

  /** The broker aborts what a crashed thread left open, and another takes over its tasks. */
  record Restart(int thread, int heir) implements Step {}

  /** A task, of the product stage or the access stage, goes from thread to thread. */
  record Move(boolean ofProducts, int task, int thread) implements Step {}

  /** All is read, swept and committed, and held against the model. */
  record Settle() implements Step {}

  /** Time passes. */
  record Jump(Duration by) implements Step {}
}
