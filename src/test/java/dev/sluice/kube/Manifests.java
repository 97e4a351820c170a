package dev.sluice.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * Manifests that belong together.
 *
 * @param from where they are from, for messages
 * @param all each of them
 */
record Manifests(String from, List<JsonNode> all) {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  /** All documents of a YAML text. */
  static List<JsonNode> parse(String yaml) {
    try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
      return documents.readAll().stream().filter(JsonNode::isObject).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The only document of a file. */
  static JsonNode read(Path file) throws IOException {
    var documents = parse(Files.readString(file));
    if (documents.size() != 1) {
      throw new IOException(file + " has " + documents.size() + " documents");
    }
    return documents.getFirst();
  }

  /** A folder's, put together as kustomize does where there is nothing to merge. */
  static Manifests plain(Path folder) throws IOException {
    var kustomization = read(folder.resolve("kustomization.yaml"));
    var all = new ArrayList<JsonNode>();
    for (var resource : kustomization.path("resources")) {
      all.add(read(folder.resolve(resource.asText())));
    }
    for (var generator : kustomization.path("configMapGenerator")) {
      var map = YAML.createObjectNode().put("apiVersion", "v1").put("kind", "ConfigMap");
      map.putObject("metadata").put("name", generator.path("name").asText());
      var data = map.putObject("data");
      for (var file : generator.path("envs")) {
        variables(folder.resolve(file.asText())).forEach(data::put);
      }
      all.add(map);
    }
    return new Manifests(folder + ", as it is", all);
  }

  /** The variables of a file for `envs`. */
  static Map<String, String> variables(Path file) throws IOException {
    var variables = new LinkedHashMap<String, String>();
    for (var line : Files.readAllLines(file)) {
      if (!line.isBlank() && !line.startsWith("#")) {
        var parts = line.split("=", 2);
        variables.put(parts[0], parts[1]);
      }
    }
    return variables;
  }

  /** The only one of a kind. */
  JsonNode only(String kind) {
    var found = all.stream().filter(m -> m.path("kind").asText().equals(kind)).toList();
    if (found.size() != 1) {
      throw new AssertionError("%s: %d of kind %s".formatted(from, found.size(), kind));
    }
    return found.getFirst();
  }

  /** All of a kind. */
  List<JsonNode> of(String kind) {
    return all.stream().filter(m -> m.path("kind").asText().equals(kind)).toList();
  }

  /** Returns the pods' template. */
  JsonNode pod() {
    return only("StatefulSet").at("/spec/template");
  }

  /** The only container. */
  JsonNode container() {
    return pod().at("/spec/containers/0");
  }

  /** A container's environment in the pod of a name, as Kubernetes makes it. */
  Map<String, String> environment(String podName) {
    var environment = new LinkedHashMap<String, String>();
    for (var source : container().path("envFrom")) {
      var name = source.at("/configMapRef/name").asText();
      of("ConfigMap").stream()
          .filter(map -> map.at("/metadata/name").asText().equals(name))
          .findFirst()
          .orElseThrow(() -> new AssertionError(from + ": no ConfigMap " + name))
          .path("data")
          .properties()
          .forEach(entry -> environment.put(entry.getKey(), entry.getValue().asText()));
    }
    for (var variable : container().path("env")) {
      var field = variable.at("/valueFrom/fieldRef/fieldPath").asText();
      var value = field.equals("metadata.name") ? podName : variable.path("value").asText();
      for (var before : Map.copyOf(environment).entrySet()) {
        value = value.replace("$(" + before.getKey() + ")", before.getValue());
      }
      environment.put(variable.path("name").asText(), value);
    }
    return environment;
  }

  /** The volume that is mounted at a path. */
  JsonNode volumeAt(String path) {
    var name =
        StreamSupport.stream(container().path("volumeMounts").spliterator(), false)
            .filter(mount -> mount.path("mountPath").asText().equals(path))
            .findFirst()
            .orElseThrow(() -> new AssertionError(from + ": nothing is mounted at " + path))
            .path("name")
            .asText();
    var volumes = new ArrayList<JsonNode>();
    pod().at("/spec/volumes").forEach(volumes::add);
    return volumes.stream()
        .filter(volume -> volume.path("name").asText().equals(name))
        .findFirst()
        .or(
            () ->
                StreamSupport.stream(
                        only("StatefulSet").at("/spec/volumeClaimTemplates").spliterator(), false)
                    .filter(claim -> claim.at("/metadata/name").asText().equals(name))
                    .findFirst())
        .orElseThrow(() -> new AssertionError(from + ": no volume " + name));
  }

  @Override
  public String toString() {
    return from;
  }
}
