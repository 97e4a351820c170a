package dev.sluice.serde;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.AccessDelivery;
import dev.sluice.avro.AccessResult;
import dev.sluice.avro.ProductEvent;
import dev.sluice.avro.ProductStatus;
import dev.sluice.avro.RequestStatus;
import dev.sluice.avro.UserEvent;
import dev.sluice.avro.internal.AccessUpdate;
import dev.sluice.avro.internal.StoredDeletion;
import dev.sluice.avro.internal.StoredDelivery;
import dev.sluice.avro.internal.StoredProduct;
import dev.sluice.avro.internal.StoredProductCopy;
import dev.sluice.avro.internal.StoredProductCounters;
import dev.sluice.avro.internal.StoredRequest;
import dev.sluice.avro.internal.StoredResult;
import dev.sluice.avro.internal.StoredSweep;
import dev.sluice.avro.internal.StoredUser;
import dev.sluice.avro.internal.StoredUserAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the schemas in avro/ to every version that was ever committed, each in the direction in
 * which it is read: who reads events is upgraded before who writes them, of everything else nobody
 * knows. A changed schema is added to its history with {@code mvn test -Dtest=SchemaHistoryTest
 * -Dsluice.schemas.write=true}; a version that was released is never edited.
 */
class SchemaHistoryTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path FOLDER = Path.of("src/main/resources/schema-history");

  static Stream<Schema> outputs() {
    return Stream.of(
            AccessCommand.getClassSchema(),
            AccessDelivery.getClassSchema(),
            ProductStatus.getClassSchema(),
            RequestStatus.getClassSchema())
        .map(SchemaHistoryTest::plain);
  }

  static Stream<Schema> internal() {
    return Stream.of(
            StoredProduct.getClassSchema(),
            StoredProductCounters.getClassSchema(),
            StoredRequest.getClassSchema(),
            StoredDeletion.getClassSchema(),
            StoredSweep.getClassSchema(),
            StoredProductCopy.getClassSchema(),
            StoredUser.getClassSchema(),
            StoredUserAccess.getClassSchema(),
            StoredDelivery.getClassSchema(),
            StoredResult.getClassSchema(),
            AccessUpdate.getClassSchema())
        .map(SchemaHistoryTest::plain);
  }

  static Stream<Schema> inputs() {
    return Stream.of(
            ProductEvent.getClassSchema(),
            UserEvent.getClassSchema(),
            AccessResult.getClassSchema())
        .map(SchemaHistoryTest::plain);
  }

  static Stream<Schema> all() {
    return Stream.concat(inputs(), Stream.concat(outputs(), internal()));
  }

  @ParameterizedTest
  @MethodSource("all")
  void shouldHaveTheCurrentSchemaInItsHistory(Schema current) throws IOException {
    var versions = versions(current);
    if (Boolean.getBoolean("sluice.schemas.write")
        && (versions.isEmpty() || !versions.getLast().equals(current))) {
      var file = FOLDER.resolve(current.getFullName()).resolve((versions.size() + 1) + ".avsc");
      Files.createDirectories(file.getParent());
      Files.writeString(file, current.toString(true) + "\n");
      return;
    }
    assertThat(versions).as("add the schema to its history, see above").isNotEmpty();
    assertThat(versions.getLast()).as("add the schema to its history").isEqualTo(current);
  }

  /** Others read these with an older version, and Sluice with a newer one. */
  @ParameterizedTest
  @MethodSource("outputs")
  void shouldBeFullyCompatibleWithEveryVersionOfAnOutput(Schema current) throws IOException {
    for (var version : versions(current)) {
      assertThat(problem(current, version)).as("the new schema reads old records").isEmpty();
      assertThat(problem(version, current)).as("the old schema reads new records").isEmpty();
    }
  }

  /** Sluice alone reads these, and is upgraded before their producers. */
  @ParameterizedTest
  @MethodSource("inputs")
  void shouldReadEveryEventThatAnOlderProducerWrites(Schema current) throws IOException {
    for (var version : versions(current)) {
      assertThat(problem(current, version)).as("the new schema reads old records").isEmpty();
      assertThat(removedPayloads(current, version)).as("types of events that are gone").isEmpty();
    }
  }

  /** An event type more is what the input's direction allows, and an output's would not. */
  @Test
  void shouldAllowANewTypeOfEvent() {
    var old = plain(ProductEvent.getClassSchema());
    var changed =
        withPayloads(
            old,
            payloads ->
                payloads.add(
                    SchemaBuilder.record("ProductArchived")
                        .namespace(old.getNamespace())
                        .fields()
                        .requiredString("archive")
                        .endRecord()));

    assertThat(problem(changed, old)).isEmpty();
    assertThat(removedPayloads(changed, old)).isEmpty();
    assertThat(problem(old, changed)).contains("ProductArchived");
  }

  @Test
  void shouldNoticeThatATypeOfEventIsGone() {
    var old = plain(ProductEvent.getClassSchema());
    var changed =
        withPayloads(
            old, payloads -> payloads.removeIf(it -> it.getName().equals("ProductResumed")));

    // Avro by itself takes it for another of its shape.
    assertThat(removedPayloads(changed, old)).containsExactly("dev.sluice.avro.ProductResumed");
  }

  @ParameterizedTest
  @MethodSource("internal")
  void shouldReadWhatEveryOlderWorkerStored(Schema current) throws IOException {
    for (var version : versions(current)) {
      assertThat(problem(current, version)).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void shouldDocumentEveryField(Schema current) {
    assertThat(undocumented(current, new ArrayList<>())).isEmpty();
  }

  @Test
  void shouldNoticeAFieldWithoutDefault() {
    var old = plain(AccessCommand.getClassSchema());
    var fields = new ArrayList<Schema.Field>();
    old.getFields().forEach(f -> fields.add(new Schema.Field(f, f.schema())));
    fields.add(new Schema.Field("added", Schema.create(Schema.Type.STRING), "No default."));
    var changed =
        Schema.createRecord(old.getName(), old.getDoc(), old.getNamespace(), false, fields);

    assertThat(problem(changed, old)).contains("added").hasLineCount(1).hasSizeLessThan(300);
  }

  @Test
  void shouldReadAStoredValueOfAnOlderVersion() {
    assertThat(SchemaHistory.of(StoredProduct.class.getName())).isNotEmpty();
    assertThat(SchemaHistory.of("dev.sluice.NoSuchRecord")).isEmpty();
  }

  private static List<Schema> versions(Schema current) throws IOException {
    var versions = new ArrayList<Schema>();
    var folder = FOLDER.resolve(current.getFullName());
    for (int v = 1; Files.exists(folder.resolve(v + ".avsc")); v++) {
      versions.add(new Schema.Parser().parse(Files.readString(folder.resolve(v + ".avsc"))));
    }
    return versions;
  }

  /** Returns why the reader cannot read the writer's records, on one line; empty if it can. */
  private static String problem(Schema reader, Schema writer) {
    var compatibility = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
    return compatibility.getType() == SchemaCompatibilityType.COMPATIBLE
        ? ""
        : compatibility.getResult().getIncompatibilities().stream()
            .map(
                it ->
                    "%s at %s: %s, written as %s"
                        .formatted(it.getType(), it.getLocation(), cut(it), name(it)))
            .collect(Collectors.joining("; "));
  }

  private static String cut(SchemaCompatibility.Incompatibility it) {
    var line = it.getMessage().lines().collect(Collectors.joining(" "));
    return line.length() <= 150 ? line : line.substring(0, 150) + "…";
  }

  /** Of a union it is the branch that the location ends with. */
  private static String name(SchemaCompatibility.Incompatibility it) {
    var schema = it.getWriterFragment();
    if (schema.isUnion()) {
      var branch = it.getLocation().substring(it.getLocation().lastIndexOf('/') + 1);
      schema = branch.matches("\\d+") ? schema.getTypes().get(Integer.parseInt(branch)) : schema;
    }
    return schema.getType() == Schema.Type.RECORD
        ? schema.getFullName()
        : schema.getType().getName();
  }

  private static Set<String> removedPayloads(Schema current, Schema version) {
    var removed = payloads(version);
    removed.removeAll(payloads(current));
    return removed;
  }

  /** Results have no payload, whose types could be gone. */
  private static Set<String> payloads(Schema event) {
    var payload = event.getField("payload");
    return payload == null
        ? new TreeSet<>()
        : payload.schema().getTypes().stream()
            .map(Schema::getFullName)
            .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Schema withPayloads(Schema event, Consumer<List<Schema>> change) {
    var fields = new ArrayList<Schema.Field>();
    for (var field : event.getFields()) {
      var schema = field.schema();
      if (field.name().equals("payload")) {
        var payloads = new ArrayList<>(schema.getTypes());
        change.accept(payloads);
        schema = Schema.createUnion(payloads);
      }
      fields.add(new Schema.Field(field, schema));
    }
    return Schema.createRecord(
        event.getName(), event.getDoc(), event.getNamespace(), false, fields);
  }

  private static List<String> undocumented(Schema schema, List<String> found) {
    switch (schema.getType()) {
      case RECORD -> {
        for (var field : schema.getFields()) {
          if (field.doc() == null || field.doc().isBlank()) {
            found.add(schema.getName() + "." + field.name());
          }
          undocumented(field.schema(), found);
        }
      }
      case UNION -> schema.getTypes().forEach(type -> undocumented(type, found));
      case ARRAY -> undocumented(schema.getElementType(), found);
      default -> {
        // has no fields
      }
    }
    return found;
  }

  /** As the .avsc file has it: without the mark that generated classes carry. */
  private static Schema plain(Schema schema) {
    try {
      var tree = JSON.readTree(schema.toString());
      strip(tree);
      return new Schema.Parser().parse(tree.toString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void strip(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.remove("avro.java.string");
    }
    node.forEach(SchemaHistoryTest::strip);
  }
}
