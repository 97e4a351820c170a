package dev.sluice.executor.jdbc;

import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks a platform. */
interface Rows {

  /** Returns the rows of a query. */
  List<Row> query(String sql) throws SQLException;

  /**
   * A row.
   *
   * @param values by the column's name in lower case
   */
  record Row(Map<String, @Nullable Object> values) {

    /** Returns a text; empty for null, or if there is no such column. */
    String text(String column) {
      var value = values.get(column);
      return value == null ? "" : value.toString();
    }

    /** Returns whether a column is true. */
    boolean isTrue(String column) {
      return switch (text(column).toLowerCase(Locale.ROOT)) {
        case "true", "t", "1", "y", "yes" -> true;
        default -> false;
      };
    }
  }
}
