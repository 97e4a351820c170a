package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.text.Visible;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Formats answers as tables. A nested field has a dotted name, and a list is one cell. */
final class FieldTable {
  /** Count fields of shortened lists, by list field. */
  private static final Map<String, String> COUNTS =
      Map.of(
          "requests", "requestCount",
          "givenBy", "givenByCount",
          "productIds", "productCount",
          "products", "productCount");

  private FieldTable() {}

  /** Returns a table with a header and a row per item. */
  static String of(List<JsonNode> items, List<String> fields) {
    var rows = new ArrayList<List<String>>();
    rows.add(fields.stream().map(f -> f.replaceFirst(".*\\.", "")).toList());
    items.forEach(item -> rows.add(fields.stream().map(f -> cell(item, f)).toList()));
    var text = new StringBuilder();
    for (var row : rows) {
      var line = new StringBuilder();
      for (int i = 0; i < fields.size(); i++) {
        int column = i;
        var width = rows.stream().mapToInt(r -> r.get(column).length()).max().orElse(0);
        line.append(row.get(i)).append(" ".repeat(width - row.get(i).length() + 2));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  /** Returns one line per field; missing fields are left out. */
  static String below(JsonNode item, List<String> fields) {
    var width = fields.stream().mapToInt(String::length).max().orElse(0);
    var text = new StringBuilder();
    for (var field : fields) {
      var cell = cell(item, field);
      if (!cell.isEmpty()) {
        text.append(field).append(" ".repeat(width - field.length() + 2)).append(cell).append('\n');
      }
    }
    return text.toString();
  }

  private static String cell(JsonNode item, String field) {
    var path = "/" + field.replace('.', '/');
    var node = item.at(path);
    return text(node) + more(item.at(path.substring(0, path.lastIndexOf('/'))), field, node);
  }

  /** Returns a text for the items that a shortened list leaves out. */
  private static String more(JsonNode object, String field, JsonNode list) {
    var count = object.path(COUNTS.getOrDefault(field, "")).asLong();
    return list.isArray() && count > list.size() ? " and " + (count - list.size()) + " more" : "";
  }

  private static String text(JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      return "";
    }
    if (node.isArray()) {
      return StreamSupport.stream(node.spliterator(), false)
          .map(FieldTable::text)
          .collect(Collectors.joining(", "));
    }
    if (node.isObject()) {
      return node.properties().stream()
          .filter(e -> !e.getValue().isNumber() || e.getValue().asLong() != 0)
          .filter(e -> !COUNTS.containsValue(e.getKey()))
          .map(e -> e.getKey() + " " + text(e.getValue()) + more(node, e.getKey(), e.getValue()))
          .collect(Collectors.joining(" "));
    }
    return Visible.line(node.asText());
  }
}
