package dev.sluice.registry;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Finds arrays whose items take no bytes. A few bytes can claim any number of such items, and
 * skipping them, in a field unknown to the reader, would not end. Avro bounds the items that it
 * creates, but not those that it skips.
 */
final class EndlessArrays {
  private final Set<Schema> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Map<Schema, Boolean> empty = new IdentityHashMap<>();

  private EndlessArrays() {}

  /** Returns the items of such an array in the schema; null if there is none. */
  static @Nullable Schema itemsIn(Schema schema) {
    return new EndlessArrays().find(schema);
  }

  private @Nullable Schema find(Schema schema) {
    if (!seen.add(schema)) {
      return null;
    }
    if (schema.getType() == Schema.Type.ARRAY && isEmpty(schema.getElementType())) {
      return schema.getElementType();
    }
    for (var part : parts(schema)) {
      var found = find(part);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static List<Schema> parts(Schema schema) {
    return switch (schema.getType()) {
      case ARRAY -> List.of(schema.getElementType());
      case MAP -> List.of(schema.getValueType());
      case UNION -> schema.getTypes();
      case RECORD -> schema.getFields().stream().map(Schema.Field::schema).toList();
      default -> List.of();
    };
  }

  /** Returns whether a value of the schema takes no bytes. */
  private boolean isEmpty(Schema schema) {
    return switch (schema.getType()) {
      case NULL -> true;
      case FIXED -> schema.getFixedSize() == 0;
      case RECORD -> isEmptyRecord(schema);
      default -> false;
    };
  }

  private boolean isEmptyRecord(Schema schema) {
    var known = empty.get(schema);
    if (known != null) {
      return known;
    }
    // A record that must contain itself has no finite value, and so no empty one.
    empty.put(schema, false);
    var is = schema.getFields().stream().allMatch(field -> isEmpty(field.schema()));
    empty.put(schema, is);
    return is;
  }
}
