package dev.sluice.sim;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.event.ProductEvent;
import dev.sluice.event.codec.EventAvro;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;

/** Writes events as somebody does who has another schema than the contract's. */
public final class ForeignWriter {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Schema CONTRACT = dev.sluice.avro.ProductEvent.getClassSchema();

  private final Schema schema;

  private ForeignWriter(Schema schema) {
    this.schema = schema;
  }

  /** With the contract itself. */
  public static ForeignWriter contract() {
    return new ForeignWriter(CONTRACT);
  }

  /** With every occurrence of a text in the schema changed to another. */
  public static ForeignWriter changed(String... fromAndTo) {
    var text = CONTRACT.toString();
    for (int i = 0; i < fromAndTo.length; i += 2) {
      if (!text.contains(fromAndTo[i])) {
        throw new IllegalArgumentException("the schema does not have " + fromAndTo[i]);
      }
      text = text.replace(fromAndTo[i], fromAndTo[i + 1]);
    }
    return new ForeignWriter(parsed(text));
  }

  /** With one more payload. */
  public static ForeignWriter withPayload(String definition) {
    try {
      var tree = JSON.readTree(CONTRACT.toString());
      ((ArrayNode) payload(tree)).add(JSON.readTree(definition));
      return new ForeignWriter(parsed(tree.toString()));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** With that payload's record in another namespace; it must be one without records in it. */
  public static ForeignWriter withNamespace(String payload, String namespace) {
    try {
      var tree = JSON.readTree(CONTRACT.toString());
      for (var branch : payload(tree)) {
        if (branch.path("name").asText().equals(payload)) {
          ((ObjectNode) branch).put("namespace", namespace);
        }
      }
      return new ForeignWriter(parsed(tree.toString()));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static JsonNode payload(JsonNode schema) {
    for (var field : schema.get("fields")) {
      if (field.get("name").asText().equals("payload")) {
        return field.get("type");
      }
    }
    throw new IllegalStateException();
  }

  private static Schema parsed(String text) {
    return new Schema.Parser(NameValidator.NO_VALIDATION).parse(text);
  }

  public Schema schema() {
    return schema;
  }

  /** The event; its type is said to be this one. */
  public GenericRecord record(ProductEvent event, String type) {
    return record(event, type, event.type());
  }

  /** The event, what its payload has written as the payload of that name. */
  public GenericRecord record(ProductEvent event, String type, String payload) {
    var contract = asWritten(event);
    contract.put("type", type);
    var record = new GenericData.Record(schema);
    for (var field : schema.getFields()) {
      var value = byNameOrPlace(contract, field);
      record.put(
          field.pos(),
          field.name().equals("payload")
              ? payload(field.schema(), (GenericRecord) value, payload)
              : copy(value, field.schema()));
    }
    return record;
  }

  private static GenericRecord payload(Schema union, GenericRecord payload, String name) {
    for (var branch : union.getTypes()) {
      if (branch.getName().equals(name)) {
        return (GenericRecord) copy(payload, branch);
      }
    }
    throw new IllegalArgumentException("no payload " + name);
  }

  private static GenericRecord asWritten(ProductEvent event) {
    try {
      var out = new ByteArrayOutputStream();
      var encoder = EncoderFactory.get().directBinaryEncoder(out, null);
      new SpecificDatumWriter<>(dev.sluice.avro.ProductEvent.class)
          .write(EventAvro.toAvro(event), encoder);
      var decoder = DecoderFactory.get().binaryDecoder(out.toByteArray(), null);
      return new GenericDatumReader<GenericRecord>(CONTRACT).read(null, decoder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A renamed field is at its old place. */
  private static Object byNameOrPlace(GenericRecord from, Schema.Field field) {
    var same = from.getSchema().getField(field.name());
    return from.get(same == null ? field.pos() : same.pos());
  }

  private static Object copy(Object value, Schema to) {
    if (to.isUnion()) {
      for (var branch : to.getTypes()) {
        if ((value == null) == (branch.getType() == Schema.Type.NULL)) {
          return copy(value, branch);
        }
      }
      throw new IllegalArgumentException("no branch for " + value);
    }
    return switch (to.getType()) {
      case RECORD -> {
        var record = new GenericData.Record(to);
        var from = (GenericRecord) value;
        for (var field : to.getFields()) {
          record.put(field.pos(), copy(byNameOrPlace(from, field), field.schema()));
        }
        yield record;
      }
      case ARRAY -> {
        var items = new ArrayList<>();
        ((List<?>) value).forEach(item -> items.add(copy(item, to.getElementType())));
        yield items;
      }
      case MAP -> new HashMap<>((java.util.Map<?, ?>) value);
      case ENUM -> new GenericData.EnumSymbol(to, value.toString());
      case LONG -> inUnitOf(to, (Long) value);
      default -> value;
    };
  }

  private static long inUnitOf(Schema to, long ms) {
    return switch (String.valueOf(to.getProp("logicalType"))) {
      case "timestamp-micros" -> ms * 1_000 + 7;
      case "timestamp-nanos" -> ms * 1_000_000 + 7;
      default -> ms;
    };
  }

  /** As bytes, with nothing in front. */
  public static byte[] bytes(GenericRecord record) {
    try {
      var out = new ByteArrayOutputStream();
      var encoder = EncoderFactory.get().directBinaryEncoder(out, null);
      new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
