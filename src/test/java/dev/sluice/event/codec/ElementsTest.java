package dev.sluice.event.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.client.EventValidation;
import dev.sluice.contract.RejectionReason;
import dev.sluice.dev.registry.MockSchemaRegistry;
import dev.sluice.event.Agreement;
import dev.sluice.event.ApprovalPolicy;
import dev.sluice.event.DataSource;
import dev.sluice.event.Elements;
import dev.sluice.event.Events;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import dev.sluice.event.codec.EventJson.InvalidJsonException;
import dev.sluice.event.codec.EventReader.UnreadableEventException;
import dev.sluice.limits.SizeLimits;
import dev.sluice.registry.ConfluentAvroDeserializer;
import dev.sluice.sim.ForeignWriter;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The limit on the number of list elements that an event carries. */
class ElementsTest {
  private static final String SCOPE = "elements-test";
  private static final int MAX = SizeLimits.ELEMENTS;

  /** Payloads with a given number of elements, by the list that has them. */
  private static final Map<String, IntFunction<Payload>> LISTS = lists();

  @AfterEach
  void dropScope() {
    MockSchemaRegistry.drop(SCOPE);
  }

  private static Map<String, IntFunction<Payload>> lists() {
    var lists = new TreeMap<String, IntFunction<Payload>>();
    lists.put("domains", n -> published(texts(n), List.of(), null, List.of()));
    lists.put(
        "sources", n -> published(List.of(), many(n, new DataSource("s", "t")), null, List.of()));
    lists.put(
        "agreements",
        n -> published(List.of(), List.of(), null, many(n, new Agreement("a", null))));
    lists.put(
        "agreements of a policy", n -> published(List.of(), List.of(), policy(n, 0, 0), List.of()));
    lists.put("stages", n -> published(List.of(), List.of(), policy(0, n, 0), List.of()));
    lists.put("approvers", n -> published(List.of(), List.of(), policy(0, 1, n - 1), List.of()));
    lists.put("all lists", n -> published(texts(n - 3), sources(), policy(1, 1, 0), List.of()));
    lists.put(
        "new domains", n -> new Payload.ProductUpdated(null, null, texts(n), null, null, null));
    lists.put(
        "new stages",
        n -> new Payload.ProductUpdated(null, null, null, policy(0, n, 0), null, null));
    lists.put(
        "new agreements",
        n ->
            new Payload.ProductUpdated(
                null, null, null, null, many(n, new Agreement("a", null)), null));
    lists.put(
        "new sources", n -> new Payload.DataSourcesReplaced(many(n, new DataSource("s", "t"))));
    lists.put(
        "answers",
        n -> {
          var answers = new HashMap<String, String>();
          for (int i = 0; i < n; i++) {
            answers.put(Integer.toString(i, Character.MAX_RADIX), "");
          }
          return new Payload.AccessRequested("r1", "ana", false, answers);
        });
    return lists;
  }

  private static Payload published(
      List<String> domains,
      List<DataSource> sources,
      @Nullable ApprovalPolicy policy,
      List<Agreement> agreements) {
    return new Payload.ProductPublished("n", null, domains, sources, policy, agreements, null);
  }

  private static ApprovalPolicy policy(int agreements, int stages, int approvers) {
    var stage =
        new ApprovalPolicy.Stage(
            "s", many(approvers, new ApprovalPolicy.Approver("USER", "u", null)));
    return new ApprovalPolicy(null, texts(agreements), null, many(stages, stage));
  }

  private static List<DataSource> sources() {
    return List.of(new DataSource("s", "t"));
  }

  private static List<String> texts(int count) {
    return many(count, "d");
  }

  private static <T> List<T> many(int count, T one) {
    return Collections.nCopies(count, one);
  }

  private static ProductEvent event(Payload payload) {
    return new ProductEvent("e1", "p1", 7L, Events.NOON, "api", payload);
  }

  /** The elements of all arrays of a tree, and the fields of its answers. */
  private static int counted(JsonNode tree) {
    int count = tree.isArray() ? tree.size() : tree.path("answers").size();
    for (var child : tree) {
      count += counted(child);
    }
    return count;
  }

  @Test
  void shouldCountEveryListOfEveryTypeInBothForms() throws InvalidJsonException {
    for (var payload : Payloads.all().toList()) {
      var tree = EventJsonWriter.of(event(payload));
      var seen = new AtomicInteger(-1);

      EventJson.parse(tree.toString(), seen::set);

      assertThat(seen).as("%s", payload).hasValue(counted(tree));
      assertThat(Elements.of(payload)).as("%s", payload).isEqualTo(counted(tree));
    }
  }

  @Test
  void shouldCountWhatHasTheFormOfAnotherFieldsList() throws InvalidJsonException {
    var answers = JsonNodeFactory.instance.objectNode().put("answers", "none").put("x", "[");
    var tree = EventJsonWriter.of(event(new Payload.AccessRequested("r1", "ana", false, Map.of())));
    ((com.fasterxml.jackson.databind.node.ObjectNode) tree.get("data")).set("answers", answers);
    var seen = new AtomicInteger(-1);

    EventJson.parse(tree.toString(), seen::set);

    assertThat(seen).hasValue(2);
  }

  @Test
  void shouldRejectOneElementTooManyInJsonBeforeAnyIsCreated() throws InvalidJsonException {
    for (var list : LISTS.entrySet()) {
      var most = event(list.getValue().apply(MAX));
      var more = EventJsonWriter.of(event(list.getValue().apply(MAX + 1))).toString();
      var admitted = new AtomicInteger();

      assertThat(EventJson.parse(EventJsonWriter.of(most).toString(), admitted::set))
          .as(list.getKey())
          .isEqualTo(most);
      assertThat(admitted).as(list.getKey()).hasValue(MAX);
      assertThatExceptionOfType(InvalidJsonException.class)
          .as(list.getKey())
          .isThrownBy(() -> EventJson.parse(more, count -> admitted.set(-1)))
          .withMessage("the event has more than 20,000 list elements")
          .matches(InvalidJsonException::isTooLarge);
      assertThat(admitted).as(list.getKey()).hasValue(MAX);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldRejectOneElementTooManyInAvro(boolean generic) throws UnreadableEventException {
    var own = new ConfluentAvroDeserializer();
    own.configure(
        Map.of("schema.registry.url", "mock://" + SCOPE, "specific.avro.reader", "false"), false);
    Deserializer<Object> other = (topic, bytes) -> own.deserialize(topic, bytes);
    try (var reader = new EventReader(generic ? other : own, "t")) {
      for (var list : LISTS.entrySet()) {
        var most = event(list.getValue().apply(MAX));

        assertThat(reader.read(new RecordHeaders(), bytes(most))).as(list.getKey()).isEqualTo(most);
        assertThatExceptionOfType(UnreadableEventException.class)
            .as(list.getKey())
            .isThrownBy(
                () ->
                    reader.read(new RecordHeaders(), bytes(event(list.getValue().apply(MAX + 1)))))
            .withMessage("the event has more than 20,000 list elements")
            .matches(e -> e.remedy().startsWith("Split the product into several"))
            .matches(e -> e.reason() == RejectionReason.TOO_LARGE);
      }
    }
  }

  private static byte[] bytes(ProductEvent event) {
    var record = ForeignWriter.contract().record(event, null);
    var id = MockSchemaRegistry.of(SCOPE).register("s", record.getSchema());
    var value = ForeignWriter.bytes(record);
    return ByteBuffer.allocate(5 + value.length).put((byte) 0).putInt(id).put(value).array();
  }

  @Test
  void shouldRejectOneElementTooManyBeforeItIsPublished() {
    for (var list : LISTS.entrySet()) {
      assertThat(EventValidation.sizeProblem(event(list.getValue().apply(MAX))))
          .as(list.getKey())
          .isNull();
      assertThat(EventValidation.sizeProblem(event(list.getValue().apply(MAX + 1))))
          .as(list.getKey())
          .isEqualTo(
              "the event has 20,001 list elements, at most 20,000 are taken; split the product into"
                  + " several");
    }
  }

  /** The largest element has fewer tokens than the limit on tokens allows for each. */
  @Test
  void shouldReadTheMostApproversWithAllTheirFields() throws InvalidJsonException {
    var approvers = many(MAX - 1, new ApprovalPolicy.Approver("U", "u", "d"));
    var stages = List.of(new ApprovalPolicy.Stage("s", approvers));
    var policy = new ApprovalPolicy(null, List.of(), null, stages);
    var event = event(published(List.of(), List.of(), policy, List.of()));

    assertThat(EventJson.parse(EventJsonWriter.of(event).toString())).isEqualTo(event);
  }
}
