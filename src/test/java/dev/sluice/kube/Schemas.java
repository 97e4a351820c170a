package dev.sluice.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Finds errors of a manifest by Kubernetes' OpenAPI, as its own client's classes know it: fields
 * that there are not, required ones that are missing, and values of another type.
 *
 * <p>The classes' own check knows fields, but takes any scalar for any other. Therefore a manifest
 * must also come out of its class as it went in: a number where a text belongs comes out as a text.
 */
final class Schemas {
  private static final Map<String, Class<?>> KINDS =
      Map.of(
          "v1/ConfigMap", V1ConfigMap.class,
          "v1/Namespace", V1Namespace.class,
          "v1/Service", V1Service.class,
          "apps/v1/StatefulSet", V1StatefulSet.class,
          "policy/v1/PodDisruptionBudget", V1PodDisruptionBudget.class,
          "networking.k8s.io/v1/NetworkPolicy", V1NetworkPolicy.class);

  private static final Gson GSON =
      new GsonBuilder().registerTypeAdapter(OffsetDateTime.class, new NoTimes()).create();

  private Schemas() {}

  /** Each in a line; none where all is well. */
  static List<String> problems(JsonNode manifest) {
    var kind = manifest.path("apiVersion").asText() + "/" + manifest.path("kind").asText();
    var type = KINDS.get(kind);
    if (type == null) {
      return List.of(kind + ": no schema is known for it here");
    }
    var json = JsonParser.parseString(manifest.toString());
    try {
      var check = type.getMethod("validateJsonElement", JsonElement.class);
      check.invoke(null, json);
      var problems = new ArrayList<String>();
      compare(kind, json, GSON.toJsonTree(GSON.fromJson(json, type)), problems);
      return problems;
    } catch (InvocationTargetException e) {
      return List.of(kind + ": " + e.getCause().getMessage());
    } catch (RuntimeException e) {
      return List.of(kind + ": " + e.getMessage());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("a class of Kubernetes' client without its check: " + type, e);
    }
  }

  private static void compare(String at, JsonElement in, JsonElement out, List<String> problems) {
    if (in.isJsonObject() && out.isJsonObject()) {
      // A field that is only in the output is an empty list, which the class begins with.
      for (var name : in.getAsJsonObject().keySet()) {
        var before = in.getAsJsonObject().get(name);
        var after = out.getAsJsonObject().get(name);
        if (after == null) {
          problems.add("%s.%s: written as %s, and lost".formatted(at, name, before));
        } else {
          compare(at + "." + name, before, after, problems);
        }
      }
    } else if (in.isJsonArray()
        && out.isJsonArray()
        && in.getAsJsonArray().size() == out.getAsJsonArray().size()) {
      for (int i = 0; i < in.getAsJsonArray().size(); i++) {
        var inner = "%s[%d]".formatted(at, i);
        compare(inner, in.getAsJsonArray().get(i), out.getAsJsonArray().get(i), problems);
      }
    } else if (!in.toString().equals(out.toString())) {
      problems.add("%s: written as %s, understood as %s".formatted(at, in, out));
    }
  }

  /** Times are Kubernetes' to write. */
  private static final class NoTimes extends TypeAdapter<OffsetDateTime> {
    @Override
    public void write(JsonWriter out, OffsetDateTime time) throws IOException {
      out.nullValue();
    }

    @Override
    public OffsetDateTime read(JsonReader in) {
      throw new IllegalStateException("a time at " + in.getPath() + ", which Kubernetes writes");
    }
  }
}
