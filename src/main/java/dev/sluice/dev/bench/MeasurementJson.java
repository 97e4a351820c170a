package dev.sluice.dev.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;

/** A measurement as one line of JSON. */
public final class MeasurementJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private MeasurementJson() {}

  /** Returns the line, without its end. */
  public static String of(Measurement m, Machine machine) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("kind", "bench");
    line.put("name", m.name());
    line.put("members", m.members());
    line.put("sources", m.sources());
    line.put("rounds", m.rounds());
    line.put("bare", m.bare().values());
    line.put(m.subject(), m.measured().values());
    line.put("ratio", m.ratio().values());
    line.put("unit", m.unit());
    line.putAll(m.more());
    line.put("jvm", machine.jvm());
    line.put("processors", machine.processors());
    line.put("heapBytesMax", machine.heapBytesMax());
    line.put("os", machine.os());
    line.put("settings", machine.settings());
    try {
      return JSON.writeValueAsString(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("numbers and texts can always be written", e);
    }
  }
}
