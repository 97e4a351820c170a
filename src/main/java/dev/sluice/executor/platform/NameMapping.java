package dev.sluice.executor.platform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.update.SourceRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names of a mapping file: what the platform calls sources and users.
 *
 * @param sources by the source
 * @param users by the user's id
 */
record NameMapping(Map<SourceRef, Source> sources, Map<String, String> users) {
  static final NameMapping EMPTY = new NameMapping(Map.of(), Map.of());

  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final Set<String> OF_SOURCE =
      Set.of("sourceId", "sourceType", "object", "kind", "role");
  private static final Set<String> OF_USER = Set.of("userId", "principal");

  /**
   * A source's name.
   *
   * @param role the role whose members have access; null if the file names none
   */
  record Source(String kind, List<String> path, @Nullable String role) {}

  /**
   * Reads the lines of a file.
   *
   * @throws IllegalArgumentException at the first line that is wrong, with its number
   */
  static NameMapping read(List<String> lines, CaseRule caseRule) {
    var sources = new HashMap<SourceRef, Source>();
    var users = new HashMap<String, String>();
    var names = new HashMap<Object, Object>();
    for (int i = 0; i < lines.size(); i++) {
      var text = lines.get(i).strip();
      if (text.isEmpty() || text.startsWith("#")) {
        continue;
      }
      try {
        read(MAPPER.readTree(text), sources, users, names, caseRule);
      } catch (JsonProcessingException e) {
        throw new IllegalArgumentException(
            "line %d: %s".formatted(i + 1, e.getOriginalMessage()), e);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("line %d: %s".formatted(i + 1, e.getMessage()), e);
      }
    }
    return new NameMapping(Map.copyOf(sources), Map.copyOf(users));
  }

  private static void read(
      JsonNode line,
      Map<SourceRef, Source> sources,
      Map<String, String> users,
      Map<Object, Object> names,
      CaseRule caseRule) {
    if (line.has("userId")) {
      requireOnly(line, OF_USER);
      var user = text(line, "userId");
      var principal = text(line, "principal");
      var name = caseRule.confusesUsers() ? fold(principal) : principal;
      requireNew(names.put("user " + name, user), user, "principal");
      requireNew(users.put(user, principal), user, "userId");
    } else {
      requireOnly(line, OF_SOURCE);
      var source = new SourceRef(text(line, "sourceId"), text(line, "sourceType"));
      var path = path(line.get("object"));
      var role = line.hasNonNull("role") ? text(line, "role") : null;
      requireNew(names.put(comparable(path, caseRule), source), source, "object");
      if (role != null) {
        requireNew(names.put("role " + fold(role), source), source, "role");
      }
      var kind =
          line.hasNonNull("kind") ? text(line, "kind").toUpperCase(Locale.ROOT) : Names.TABLE;
      if (!kind.matches("[A-Z][A-Z ]*")) {
        throw new IllegalArgumentException("kind must be words, such as TABLE or VIEW");
      }
      requireNew(sources.put(source, new Source(kind, path, role)), source, "sourceId");
    }
  }

  private static void requireOnly(JsonNode line, Set<String> fields) {
    line.fieldNames()
        .forEachRemaining(
            name -> {
              if (!fields.contains(name)) {
                throw new IllegalArgumentException(
                    "%s is not one of %s".formatted(name, fields.stream().sorted().toList()));
              }
            });
  }

  private static void requireNew(@Nullable Object before, Object now, String field) {
    if (before != null) {
      throw new IllegalArgumentException(
          "%s of %s is that of %s already: two would be one on the platform"
              .formatted(field, now, before.equals(now) ? "an earlier line" : before));
    }
  }

  private static String text(JsonNode line, String field) {
    var value = line.get(field);
    if (value == null || !value.isTextual() || value.textValue().isBlank()) {
      throw new IllegalArgumentException(field + " must be a text");
    }
    return value.textValue();
  }

  /** A list of parts, or a text whose parts have dots between them. */
  private static List<String> path(@Nullable JsonNode object) {
    var path = new ArrayList<String>();
    if (object != null && object.isTextual()) {
      path.addAll(List.of(object.textValue().split("\\.", -1)));
    } else if (object != null && object.isArray()) {
      object.forEach(part -> path.add(part.isTextual() ? part.textValue() : ""));
    }
    if (path.isEmpty() || path.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException(
          "object must be a name, such as \"sales.orders\", or a list of its parts");
    }
    return List.copyOf(path);
  }

  /** Returns a name that equals another if the platform takes both for the same. */
  static List<String> comparable(List<String> path, CaseRule caseRule) {
    return caseRule.confusesObjects() ? path.stream().map(NameMapping::fold).toList() : path;
  }

  static String fold(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
