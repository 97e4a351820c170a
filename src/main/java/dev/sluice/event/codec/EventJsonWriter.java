package dev.sluice.event.codec;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import dev.sluice.event.Event;
import dev.sluice.event.ProductEvent;
import dev.sluice.event.UserEvent;
import java.time.Instant;

/**
 * Writes events in the JSON form that {@link EventJson} reads, without loss. Null fields are left
 * out.
 */
public final class EventJsonWriter {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .serializationInclusion(JsonInclude.Include.NON_NULL)
          .addModule(new SimpleModule().addSerializer(Instant.class, ToStringSerializer.instance))
          .build();

  private EventJsonWriter() {}

  /** Returns the event as one JSON object. */
  public static ObjectNode of(Event event) {
    var form = MAPPER.createObjectNode().put("eventId", event.eventId());
    var payload =
        switch (event) {
          case ProductEvent e -> {
            form.put("productId", e.productId());
            yield e.payload();
          }
          case UserEvent e -> {
            form.put("userId", e.userId());
            yield e.payload();
          }
        };
    if (event.sequence() != null) {
      form.put("sequence", event.sequence());
    }
    form.put("occurredAt", event.occurredAt().toString())
        .put("actor", event.actor())
        .put("type", event.type())
        .set("data", MAPPER.valueToTree(payload));
    return form;
  }
}
