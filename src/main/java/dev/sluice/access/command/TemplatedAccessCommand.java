package dev.sluice.access.command;

import dev.sluice.avro.AccessCommand;
import dev.sluice.serde.PreEncodedRecord;
import org.apache.avro.Conversion;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/**
 * An AccessCommand that refers to what it has in common with others instead of holding it. Any Avro
 * writer can write it, by {@link #get}; a serializer that knows {@link PreEncodedRecord} does so
 * fast. Its fields are read by their places alone, and never changed.
 */
final class TemplatedAccessCommand extends SpecificRecordBase implements PreEncodedRecord {
  private static final long serialVersionUID = 1L;

  /** Knows how the schema's logical types are written. */
  private static final AccessCommand GENERATED = new AccessCommand();

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

  @Override
  public Schema getSchema() {
    return AccessCommand.getClassSchema();
  }

  @Override
  public SpecificData getSpecificData() {
    return GENERATED.getSpecificData();
  }

  @Override
  public @Nullable Conversion<?> getConversion(int field) {
    return GENERATED.getConversion(field);
  }

  @Override
  public void put(int field, Object value) {
    throw new UnsupportedOperationException("a command is not changed once it is made");
  }

  /** By the order of the fields in AccessCommand.avsc, which a test holds. */
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
