package dev.sluice.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** Labels, and whether a selector means what has them. */
record Labels(Map<String, String> all) {

  static Labels of(JsonNode object) {
    var labels = new LinkedHashMap<String, String>();
    object.properties().forEach(entry -> labels.put(entry.getKey(), entry.getValue().asText()));
    return new Labels(labels);
  }

  /** An empty selector means everything, which none here is to. */
  boolean areSelectedBy(JsonNode selector) {
    return !selector.isEmpty() && all.entrySet().containsAll(of(selector).all.entrySet());
  }
}
