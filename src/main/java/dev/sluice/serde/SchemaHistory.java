package dev.sluice.serde;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/**
 * Every version that a record's schema ever had, oldest first, as the resources {@code
 * schema-history/<full name>/<version>.avsc}, versions from 1. What an older worker wrote is read
 * with the schema that it was written with.
 */
public final class SchemaHistory {

  private SchemaHistory() {}

  /** The versions of the record with that full name; empty when it has none. */
  public static List<Schema> of(String fullName) {
    var versions = new ArrayList<Schema>();
    while (true) {
      var path = "/schema-history/" + fullName + "/" + (versions.size() + 1) + ".avsc";
      try (var in = SchemaHistory.class.getResourceAsStream(path)) {
        if (in == null) {
          return versions;
        }
        versions.add(new Schema.Parser().parse(in));
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read " + path, e);
      }
    }
  }
}
