package dev.sluice.dev.bench;

import dev.sluice.avro.AccessAction;
import dev.sluice.avro.AccessCommand;
import dev.sluice.serde.SingleObjectSerde;
import java.nio.ByteBuffer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/**
 * Number of products that give a user a source, as {@link DslBaseline} stores it.
 *
 * @param products the count
 * @param revision of the last command
 * @param flipped whether the last change granted or revoked access
 * @param last the last change; null before the first
 */
record PairCount(int products, long revision, boolean flipped, @Nullable AccessCommand last) {
  private static final int HEAD_BYTES = Integer.BYTES + Long.BYTES + 1;

  /** Returns the state without a product. */
  static PairCount none() {
    return new PairCount(0, 0, false, null);
  }

  /** Returns the state after one more or one less product gives it. */
  PairCount with(AccessCommand change) {
    var after = products + (change.getAction() == AccessAction.GRANT ? 1 : -1);
    var flips = (after > 0) != (products > 0);
    return new PairCount(after, flips ? revision + 1 : revision, flips, change);
  }

  /** Returns the command of the last change, which must have flipped. */
  AccessCommand command() {
    var change = last;
    if (change == null || !flipped) {
      throw new IllegalStateException("nothing changed: there is no command");
    }
    return AccessCommand.newBuilder(change).setRevision(revision).build();
  }

  /** Encodes a few fixed bytes and the change as Avro. Thread-safe. */
  static Serde<PairCount> serde() {
    var changes = new SingleObjectSerde<>(AccessCommand.class);
    var serializer = changes.serializer();
    var deserializer = changes.deserializer();
    return Serdes.serdeFrom(
        (topic, count) -> {
          if (count == null) {
            return null;
          }
          var change = count.last == null ? new byte[0] : serializer.serialize(topic, count.last);
          return ByteBuffer.allocate(HEAD_BYTES + change.length)
              .putInt(count.products)
              .putLong(count.revision)
              .put((byte) (count.flipped ? 1 : 0))
              .put(change)
              .array();
        },
        (topic, bytes) -> {
          if (bytes == null) {
            return null;
          }
          var buffer = ByteBuffer.wrap(bytes);
          var products = buffer.getInt();
          var revision = buffer.getLong();
          var flipped = buffer.get() == 1;
          var change = new byte[buffer.remaining()];
          buffer.get(change);
          return new PairCount(
              products,
              revision,
              flipped,
              change.length == 0 ? null : deserializer.deserialize(topic, change));
        });
  }
}
