package dev.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.TreeMap;

/** The API's description, to which answers are held. */
public final class OpenApi {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode document;
  private final SchemaRegistry schemas =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  /** As a worker serves it. */
  public OpenApi(String document) {
    this.document = json(document);
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(text, e);
    }
  }

  JsonNode document() {
    return document;
  }

  /** By path, its method in lower case. */
  public Map<String, String> paths() {
    var paths = new TreeMap<String, String>();
    document
        .get("paths")
        .properties()
        .forEach(p -> paths.put(p.getKey(), p.getValue().fieldNames().next()));
    return paths;
  }

  /**
   * Holds an answer to what the description says of it; the answer is its body.
   *
   * @param method in lower case
   * @param path as it is described
   */
  public JsonNode check(String method, String path, HttpResponse<String> answer) {
    var described = document.at("/paths/" + path.replace("/", "~1") + "/" + method + "/responses");
    var status = String.valueOf(answer.statusCode());
    assertThat(described.has(status))
        .as("%s %s answers %s: %s", method, path, status, answer.body())
        .isTrue();
    var content = resolved(described.get(status)).get("content");
    if (content == null) {
      assertThat(answer.body()).isEmpty();
      return JSON.createObjectNode();
    }
    var type = answer.headers().firstValue("Content-Type").orElse("").replaceFirst(";.*", "");
    assertThat(content.has(type)).as("%s of %s", type, path).isTrue();
    var reference = content.get(type).get("schema").get("$ref").asText();
    return hold(reference, answer.body(), method + " " + path);
  }

  private JsonNode resolved(JsonNode response) {
    var reference = response.get("$ref");
    return reference == null ? response : document.at(reference.asText().substring(1));
  }

  /** Holds an event of a stream to what the description says of it; the answer is its data. */
  public JsonNode checkEvent(String path, String data) {
    var described =
        document.at(
            "/paths/"
                + path.replace("/", "~1")
                + "/get/responses/200/content/text~1event-stream/schema/$ref");
    return hold(described.asText(), data, path);
  }

  private JsonNode hold(String reference, String text, String what) {
    var schema = JSON.createObjectNode();
    schema.put("$ref", reference);
    schema.set("components", document.get("components"));
    var body = json(text);
    assertThat(schemas.getSchema(schema).validate(body)).as("%s: %s", what, body).isEmpty();
    return body;
  }
}
