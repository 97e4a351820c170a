package dev.sluice.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.stream.Collectors;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.generic.GenericData;
import org.jspecify.annotations.Nullable;

/** Operations on schemas that Avro lacks. */
public final class AvroSchemas {
  private static final ObjectMapper JSON = new ObjectMapper();

  private AvroSchemas() {}

  /**
   * Parses a schema of another program. Names and defaults are accepted that Avro for Java refuses
   * in a new schema but can read.
   */
  public static Schema parseLeniently(String text) {
    return new Schema.Parser(NameValidator.NO_VALIDATION).setValidateDefaults(false).parse(text);
  }

  /** Returns the weight of a schema, in characters of its text. */
  static int weight(Schema schema) {
    return schema.toString().length();
  }

  /**
   * Returns the schema without the property by which generated classes ask for {@link String}. The
   * result equals its .avsc file, which may be the registered form.
   */
  static Schema portable(Schema schema) {
    try {
      JsonNode tree = JSON.readTree(schema.toString());
      removeStringType(tree);
      return parseLeniently(tree.toString());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Avro printed a schema that is not JSON", e);
    }
  }

  private static void removeStringType(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.remove(GenericData.STRING_PROP);
    }
    node.forEach(AvroSchemas::removeStringType);
  }

  /** Returns the reason why the reader's schema cannot read the writer's; null if it can. */
  public static @Nullable String whyUnreadable(Schema reader, Schema writer) {
    var compatibility = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
    if (compatibility.getType() == SchemaCompatibilityType.COMPATIBLE) {
      return null;
    }
    return compatibility.getResult().getIncompatibilities().stream()
        .map(it -> "%s at %s: %s".formatted(it.getType(), it.getLocation(), it.getMessage()))
        .collect(Collectors.joining("; "));
  }
}
