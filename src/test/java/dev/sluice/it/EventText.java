package dev.sluice.it;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import dev.sluice.event.Event;
import dev.sluice.event.ProductEvent;
import dev.sluice.event.UserEvent;
import java.time.Instant;
import java.util.LinkedHashMap;

/** Events in their JSON form. */
final class EventText {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .serializationInclusion(JsonInclude.Include.NON_NULL)
          .addModule(new SimpleModule().addSerializer(Instant.class, ToStringSerializer.instance))
          .build();

  private EventText() {}

  static String of(ProductEvent event) {
    return of(event, "productId", event.payload());
  }

  static String of(UserEvent event) {
    return of(event, "userId", event.payload());
  }

  private static String of(Event event, String keyName, Object payload) {
    var text = new LinkedHashMap<String, Object>();
    text.put("eventId", event.eventId());
    text.put(keyName, event.key());
    if (event.sequence() != null) {
      text.put("sequence", event.sequence());
    }
    text.put("occurredAt", event.occurredAt());
    text.put("actor", event.actor());
    text.put("type", event.type());
    text.put("data", payload);
    try {
      return JSON.writeValueAsString(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
