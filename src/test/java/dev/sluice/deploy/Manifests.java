package dev.sluice.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.kubernetes.client.openapi.models.V1Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The manifests, and Kubernetes' schemas as its Java client has them: made from Kubernetes' OpenAPI
 * document, they refuse a field that is not known, one of another type, and one that is missing.
 */
final class Manifests {
  /** What tells of a document that it is not as its schema wants it. */
  @FunctionalInterface
  interface Schema {
    void check(JsonElement document) throws IOException;
  }

  private static final YAMLMapper YAML = new YAMLMapper();

  private static final Map<String, Schema> SCHEMAS =
      Map.of(
          "apps/v1 StatefulSet", V1StatefulSet::validateJsonElement,
          "v1 Service", V1Service::validateJsonElement,
          "policy/v1 PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement,
          "networking.k8s.io/v1 NetworkPolicy", V1NetworkPolicy::validateJsonElement);

  private Manifests() {}

  static List<JsonNode> read(Path file) throws IOException {
    var documents = new ArrayList<JsonNode>();
    try (var values = YAML.readerFor(JsonNode.class).<JsonNode>readValues(Files.readString(file))) {
      values.forEachRemaining(documents::add);
    }
    return documents;
  }

  static List<JsonNode> parse(String text) throws IOException {
    return List.of(YAML.readTree(text));
  }

  /**
   * @throws IllegalArgumentException when it is not as its schema wants it, with the field's name
   */
  static void check(JsonNode document) throws IOException {
    var kind = document.path("apiVersion").asText() + " " + document.path("kind").asText();
    var schema = SCHEMAS.get(kind);
    if (schema == null) {
      throw new IllegalArgumentException("no schema for " + kind);
    }
    schema.check(element(document));
  }

  /** A part of a patch, which is no whole document. */
  static void checkContainer(JsonNode container) throws IOException {
    V1Container.validateJsonElement(element(container));
  }

  static void checkVolume(JsonNode volume) throws IOException {
    V1Volume.validateJsonElement(element(volume));
  }

  private static JsonElement element(JsonNode node) {
    return JsonParser.parseString(node.toString());
  }
}
