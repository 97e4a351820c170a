package dev.sluice.executor.jdbc;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Writes names and texts into statements. */
final class SqlText {

  private SqlText() {}

  /** Returns a name between two marks; the closing mark inside is doubled. */
  static String quoted(char open, char close, String name) {
    return open + name.replace(String.valueOf(close), "" + close + close) + close;
  }

  /** Returns a name as in the SQL standard. */
  static String quoted(String name) {
    return quoted('"', '"', name);
  }

  /** Returns a text as in the SQL standard. */
  static String literal(String text) {
    return quoted('\'', '\'', text);
  }

  static String literals(Collection<String> texts) {
    return texts.stream().map(SqlText::literal).collect(Collectors.joining(", "));
  }

  /** Returns the parts of a name. */
  static String path(List<String> path) {
    return path.stream().map(SqlText::quoted).collect(Collectors.joining("."));
  }
}
