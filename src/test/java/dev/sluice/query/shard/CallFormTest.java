package dev.sluice.query.shard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.access.MembershipStatus;
import dev.sluice.access.PreviewResult;
import dev.sluice.access.PreviewResult.PreviewedCommand;
import dev.sluice.access.UserStatus;
import dev.sluice.access.stage.AccessReader.Holder;
import dev.sluice.access.stage.AccessReader.Member;
import dev.sluice.access.stage.AccessReader.Progress;
import dev.sluice.access.stage.AccessReader.Sweeping;
import dev.sluice.delivery.Command;
import dev.sluice.delivery.CommandAction;
import dev.sluice.delivery.CommandNumber;
import dev.sluice.delivery.DeliveryFilter;
import dev.sluice.delivery.DeliveryState;
import dev.sluice.delivery.ErrorClass;
import dev.sluice.delivery.Outstanding;
import dev.sluice.delivery.ResultDetails;
import dev.sluice.event.Agreement;
import dev.sluice.event.ApprovalPolicy;
import dev.sluice.event.Expert;
import dev.sluice.product.AccessRequest;
import dev.sluice.product.ExpiryNotice;
import dev.sluice.product.ExplainedProduct;
import dev.sluice.product.ExplainedProducts;
import dev.sluice.product.MemberCounts;
import dev.sluice.product.Product;
import dev.sluice.product.ProductHistory;
import dev.sluice.product.ProductState;
import dev.sluice.product.RequestCounts;
import dev.sluice.product.RequestState;
import dev.sluice.product.SeenEvents;
import dev.sluice.product.stage.ProductReader.Found;
import dev.sluice.query.model.ApiModel.ProductLine;
import dev.sluice.query.model.PartialList;
import dev.sluice.query.model.UserProduct;
import dev.sluice.update.CommandReason;
import dev.sluice.update.SourceRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Holds the JSON of each call between workers, and of its answer, against a file for the version of
 * the calls. A renamed component of a record fails here, and not in a rolling upgrade. {@code mvn
 * test -Dtest=CallFormTest -Dsluice.golden.write=true} writes the file of a new version.
 */
class CallFormTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final Path GOLDEN =
      Path.of("src/test/resources/calls/v%d.json".formatted(CallVersion.CURRENT));

  private static final String REMEDY =
      "the form of calls between workers is no longer that of version %d in %s: a worker of a"
              .formatted(CallVersion.CURRENT, GOLDEN)
          + " released version would misread it. Take the change back, or raise"
          + " CallVersion.CURRENT and write the new version's file with -Dsluice.golden.write=true."
          + " The file of a released version never changes";

  private record Example(Object call, Object answer) {}

  private static AccessRequest request() {
    var policy =
        new ApprovalPolicy(
            "v1",
            List.of("terms"),
            "why",
            List.of(
                new ApprovalPolicy.Stage(
                    "owner", List.of(new ApprovalPolicy.Approver("USER", "ben", "Ben")), 1)),
            "P14D",
            "P30D");
    return new AccessRequest(
        "r1",
        "ana",
        RequestState.APPROVED,
        policy,
        1,
        1_000,
        "ben",
        2_000L,
        8_000L,
        2_000L,
        9_000L,
        "needed",
        2_000L,
        ExpiryNotice.values()[0],
        List.of(new AccessRequest.Approval(0, "ben", "e2", true, 1L, 9_000L, 7L)),
        List.of(new AccessRequest.Step(RequestState.APPROVED, 1, "ben", 2_000, "needed")));
  }

  private static RequestCounts counts() {
    return RequestCounts.of(Map.of(RequestState.APPROVED, 2L, RequestState.PENDING, 1L));
  }

  private static <K extends Enum<K>> Map<K, Long> all(Class<K> type) {
    var numbers = new EnumMap<K, Long>(type);
    for (var each : type.getEnumConstants()) {
      numbers.put(each, 1L + each.ordinal());
    }
    return numbers;
  }

  private static Product product() {
    return new Product(
        "p1",
        new Product.Definition(
            ProductState.ACTIVE,
            3,
            new Product.Details("Sales", "All sales", List.of("d1"), new Expert("eve", "Eve")),
            new TreeSet<>(Set.of(new SourceRef("s1", "Snowflake"))),
            request().policy(),
            List.of(new Agreement("terms", "https://example.com/terms")),
            new ProductHistory(500, List.of(new ProductHistory.Removed("s0", "Snowflake", 400)))),
        new SeenEvents(7L, 5, "e1", List.of(4, 0, 6)),
        counts(),
        new MemberCounts(List.of(1L, 0L, 2L)));
  }

  private static Map<Class<?>, Example> examples() {
    var requests = new PartialList<>(List.of(request()), true);
    var explained =
        new ExplainedProduct(
            "p1",
            ProductState.ACTIVE,
            3,
            500,
            "Snowflake",
            true,
            400L,
            List.of(request()),
            1,
            true);
    var standing = new MembershipStatus("p1", 3, true, false, 2);
    var command =
        new PreviewedCommand(
            "ana", new SourceRef("s1", "Snowflake"), "p1", CommandReason.values()[0]);
    return Map.ofEntries(
        of(new ProductCall.ProductById("p1"), product()),
        of(
            new ProductCall.Lines("p0", 10, 1_000),
            new PartialList<>(
                List.of(
                    new ProductLine(
                        "p1", "Sales", ProductState.ACTIVE, 3, 1, 3, all(RequestState.class))),
                true)),
        of(
            new ProductCall.Statistics(),
            new ProductShard.Statistics(all(ProductState.class), all(RequestState.class), 3, true)),
        of(new ProductCall.RequestsAfter("p1", "r0", 10, 1_000), requests),
        of(new ProductCall.RequestById("p1", "r1"), request()),
        of(new ProductCall.Find("r1", 10), List.of(new Found("p1", request()))),
        of(new ProductCall.ApprovedOf("p1", "ana"), requests),
        of(new ProductCall.ScheduledOf("p1", "ana"), requests),
        of(new ProductCall.HasApproved("p1", "ana", Set.of("r1")), true),
        of(new ProductCall.ExpiredOf("p1", "ana", 1_000), requests),
        of(new ProductCall.LastEnded("p1", "ana", 1_000), request()),
        of(
            new ProductCall.Candidates("ana", "s1", "Snowflake"),
            new ExplainedProducts(List.of(explained), 1, true, List.of("Snowflake"))),
        of(
            new ProductCall.Givings("ana", List.of("p1"), "s0|Snowflake", 10),
            new UserProduct.Some(
                List.of(
                    new UserProduct(
                        "p1",
                        3,
                        List.of(new SourceRef("s1", "Snowflake")),
                        List.of(UserProduct.ApprovedRequest.of(request())),
                        1)),
                1)),
        of(
            new UserCall.StandingsAfter("ana", "p0", 10),
            new PartialList<>(List.of(standing), true)),
        of(new UserCall.Standings("ana", List.of("p1")), List.of(standing)),
        of(new UserCall.User("ana"), new UserStatus(false, true, 500, "left", "e1")),
        of(new UserCall.Members("p1", "amy", 10), List.of(new Member("ana", true))),
        of(
            new UserCall.Holders("s1", "Snowflake", "amy", 10),
            List.of(new Holder("ana", List.of("Snowflake"), List.of("p1"), 1, true, true))),
        of(new UserCall.ProgressOf("p1"), new Progress(3, 10, 500)),
        of(
            new UserCall.SweepingProducts(10),
            List.of(new Sweeping("p1", new Progress(3, 10, 500)))),
        of(new UserCall.Sweeps(), 2L),
        of(
            new UserCall.Preview(List.of("update".getBytes(UTF_8))),
            new PreviewResult(
                1,
                1,
                1,
                List.of(new SourceRef("s1", "Snowflake")),
                List.of(command),
                List.of(command),
                true)),
        of(
            new DeliveryCall.Statistics(),
            new DeliveryShard.Statistics(
                List.of(
                    new DeliveryShard.Count(
                        CommandAction.REVOKE, "Snowflake", DeliveryState.FAILED, true, 3)),
                List.of(new DeliveryShard.Oldest(CommandAction.REVOKE, "Snowflake", 500)),
                true)),
        of(
            new DeliveryCall.ListOf(
                new DeliveryFilter(
                    "ana",
                    "Snowflake",
                    "s1",
                    Set.of(CommandAction.REVOKE),
                    Set.of(DeliveryState.FAILED),
                    true),
                "amy|Snowflake|s1",
                10,
                1_000),
            new DeliveryShard.Slice(
                List.of(
                    new Outstanding(
                        new Command(
                            "ana",
                            new SourceRef("s1", "Snowflake"),
                            CommandAction.REVOKE,
                            new CommandNumber(1, 7),
                            "p1",
                            "PRODUCT_SUSPENDED",
                            500),
                        DeliveryState.FAILED,
                        600,
                        700L,
                        new ResultDetails(
                            ErrorClass.NEEDS_PERSON, "42704", "no role", 3, "executor-1"))),
                "ana|Snowflake|s1")));
  }

  private static Map.Entry<Class<?>, Example> of(Object call, Object answer) {
    return Map.entry(call.getClass(), new Example(call, answer));
  }

  private static List<ShardCalls.Form> forms() {
    var forms = new ArrayList<>(ShardCalls.PRODUCTS);
    forms.addAll(ShardCalls.USERS);
    forms.addAll(ShardCalls.DELIVERIES);
    return forms;
  }

  /** Two shards may have a call of one name. */
  private static String name(ShardCalls.Form form) {
    return ShardCalls.DELIVERIES.contains(form) ? "deliveries/" + form.name() : form.name();
  }

  private static JsonNode json(Object value) throws IOException {
    return MAPPER.readTree(ShardCalls.encode(value));
  }

  private static ObjectNode written() throws IOException {
    var examples = examples();
    var calls = MAPPER.createObjectNode();
    for (var form : forms()) {
      var example =
          Objects.requireNonNull(examples.get(form.call()), "example of the call " + form.name());
      var both = calls.putObject(name(form));
      both.set("arguments", json(example.call()));
      both.set("answer", json(example.answer()));
    }
    return calls;
  }

  @Test
  void shouldKeepTheFormOfEveryCallAndAnswerOfTheVersion() throws Exception {
    var written = written();
    if (Boolean.getBoolean("sluice.golden.write")) {
      Files.createDirectories(GOLDEN.getParent());
      Files.writeString(
          GOLDEN, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(written) + "\n");
    }

    assertThat(GOLDEN).as(REMEDY).exists();
    assertThat(written.toPrettyString())
        .as(REMEDY)
        .isEqualTo(MAPPER.readTree(GOLDEN.toFile()).toPrettyString());
  }

  @Test
  void shouldReadEveryCallAndAnswerOfTheVersion() throws Exception {
    var golden = MAPPER.readTree(GOLDEN.toFile());
    for (var form : forms()) {
      var both = golden.get(name(form));
      var call = ShardCalls.decode(form, MAPPER.writeValueAsBytes(both.get("arguments")));
      assertThat(json(call)).as(form.name()).isEqualTo(both.get("arguments"));
      var answer = ShardCalls.decodeAnswer(form, MAPPER.writeValueAsBytes(both.get("answer")));
      assertThat(answer == null ? MAPPER.nullNode() : json(answer))
          .as(form.name())
          .isEqualTo(both.get("answer"));
      var example = examples().get(form.call());
      assertThat(answer).as(form.name()).isEqualTo(example == null ? null : example.answer());
    }
  }

  @Test
  void shouldHaveAFormForEveryCall() {
    var calls = new ArrayList<Class<?>>();
    calls.addAll(Arrays.asList(ProductCall.class.getPermittedSubclasses()));
    calls.addAll(Arrays.asList(UserCall.class.getPermittedSubclasses()));
    calls.addAll(Arrays.asList(DeliveryCall.class.getPermittedSubclasses()));

    assertThat(forms().stream().map(form -> (Object) form.call()))
        .containsExactlyInAnyOrderElementsOf(calls);
    for (var shard : List.of(ShardCalls.PRODUCTS, ShardCalls.USERS, ShardCalls.DELIVERIES)) {
      assertThat(shard.stream().map(ShardCalls.Form::name)).doesNotHaveDuplicates();
    }
  }
}
