package dev.sluice.serde;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/**
 * All versions of a record's schema, oldest first, as the resources {@code schema-history/<full
 * name>/<version>.avsc}, versions from 1. Records of older workers are read with their own schema.
 */
public final class SchemaHistory {

  private SchemaHistory() {}

  /** Returns the versions of the record with that full name; empty if it has none. */
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
