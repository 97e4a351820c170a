package dev.sluice.access.command;

import dev.sluice.avro.AccessCommand;
import dev.sluice.serde.PreEncodedRecord;

/**
 * A command that refers to a template for its common part instead of a copy. Any Avro writer can
 * write it through {@link #get}; a serializer that supports {@link PreEncodedRecord} does so fast.
 */
final class TemplatedAccessCommand extends AccessCommand implements PreEncodedRecord {
  private static final long serialVersionUID = 1L;

  private final transient CommandTemplate form;
  private final transient String userId;
  private final transient byte[] userIdBytes;
  private final transient long revision;

  TemplatedAccessCommand(CommandTemplate form, String userId, byte[] userIdBytes, long revision) {
    this.form = form;
    this.userId = userId;
    this.userIdBytes = userIdBytes;
    this.revision = revision;
  }

  @Override
  public byte[] encoded(byte[] before) {
    return form.value(before, userIdBytes, revision);
  }

  /** Follows the order of the fields in AccessCommand.avsc; a test checks the order. */
  @Override
  public Object get(int field) {
    return switch (field) {
      case 0 -> form.action;
      case 1 -> userId;
      case 2 -> form.sourceId;
      case 3 -> form.sourceType;
      case 4 -> form.productId;
      case 5 -> form.reason;
      case 6 -> form.causeEventId;
      case 7 -> revision;
      case 8 -> form.occurredAt;
      case 9 -> form.epoch;
      default -> throw new IndexOutOfBoundsException(field);
    };
  }
}
