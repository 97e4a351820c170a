package dev.sluice.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The API's description against the routes that there are. */
class OpenApiTest {

  private static JsonNode document() throws IOException {
    try (var file = ApiEndpoint.class.getResourceAsStream("openapi.json")) {
      return new OpenApi(new String(file.readAllBytes(), UTF_8)).document();
    }
  }

  @Test
  void shouldDescribeEveryRouteAndNoOther() throws Exception {
    var described = new ArrayList<String>();
    document()
        .get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(m -> described.add(m + " " + path.getKey())));

    assertThat(described)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(ApiRoute.values())
                .map(r -> r.method().name().toLowerCase(Locale.ROOT) + " " + r.path())
                .toList());
  }

  @Test
  void shouldDefineEveryReferenceAndUseEveryDefinition() throws Exception {
    var document = document();
    var references = document.findValuesAsText("$ref");

    assertThat(references)
        .allSatisfy(ref -> assertThat(document.at(ref.substring(1)).isMissingNode()).isFalse());
    for (var kind : List.of("schemas", "responses", "parameters")) {
      document
          .at("/components/" + kind)
          .fieldNames()
          .forEachRemaining(
              name -> assertThat(references).contains("#/components/" + kind + "/" + name));
    }
  }

  /** A response that stands at two operations stands under components once. */
  @Test
  void repeatsNoResponse() throws Exception {
    var responses = new ArrayList<JsonNode>();
    document()
        .get("paths")
        .forEach(
            path -> path.forEach(operation -> operation.get("responses").forEach(responses::add)));

    assertThat(responses).filteredOn(response -> !response.has("$ref")).doesNotHaveDuplicates();
  }

  @Test
  void shouldDescribeTheErrorsOfEveryRoute() throws Exception {
    document()
        .get("paths")
        .forEach(
            path ->
                path.forEach(
                    operation -> {
                      for (var status : List.of("400", "401", "403", "429", "500", "503")) {
                        assertThat(operation.get("responses").has(status)).isTrue();
                      }
                    }));
  }
}
