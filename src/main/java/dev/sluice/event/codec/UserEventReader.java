package dev.sluice.event.codec;

import dev.sluice.event.UserEvent;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** Decodes events about users. */
public final class UserEventReader extends RecordReader<UserEvent> {

  /** Creates a reader of one topic that waits for no schema. */
  public UserEventReader(Deserializer<?> deserializer, String topic) {
    this(deserializer, topic, UnknownSchemaWait.rejected());
  }

  /**
   * Creates a reader of one topic.
   *
   * @param deserializer returns generic or generated records; the reader closes the deserializer
   * @param unknownSchemaWait decides which schemas are waited for
   */
  public UserEventReader(
      Deserializer<?> deserializer, String topic, UnknownSchemaWait unknownSchemaWait) {
    super(EventForm.USER, deserializer, topic, unknownSchemaWait);
  }

  @Override
  @Nullable String payloadTimeProblem(UserEvent event) {
    return null;
  }
}
