package dev.sluice.query.shard;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.LogicalType;
import dev.sluice.access.MembershipStatus;
import dev.sluice.access.PreviewResult;
import dev.sluice.access.UserStatus;
import dev.sluice.access.stage.AccessReader.Holder;
import dev.sluice.access.stage.AccessReader.Member;
import dev.sluice.access.stage.AccessReader.Progress;
import dev.sluice.access.stage.AccessReader.Sweeping;
import dev.sluice.product.AccessRequest;
import dev.sluice.product.ExplainedProducts;
import dev.sluice.product.Product;
import dev.sluice.product.RequestCounts;
import dev.sluice.product.RequestState;
import dev.sluice.product.stage.ProductReader.Found;
import dev.sluice.query.model.ApiModel.ProductLine;
import dev.sluice.query.model.PartialList;
import dev.sluice.query.model.UserProduct;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Calls between workers, in JSON: a name, an object with the arguments, and the answer. This form
 * belongs to one {@link CallVersion}: with a change of the form the version is raised.
 */
public final class ShardCalls {

  /**
   * The form of a call.
   *
   * @param name in the path
   * @param call its arguments
   * @param answer the type of its answer
   */
  record Form(String name, Class<? extends ShardCall<?, ?>> call, JavaType answer) {}

  /** Both sides are of one version, so that a field which is not known is a fault. */
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
          .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
          .enable(
              DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
              DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
              DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .withCoercionConfig(
              LogicalType.Textual,
              text ->
                  text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
          .defaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL))
          .addModule(
              new SimpleModule()
                  .addSerializer(RequestCounts.class, new CountsOut())
                  .addDeserializer(RequestCounts.class, new CountsIn()))
          .build();

  static final List<Form> PRODUCTS =
      List.of(
          form("product", ProductCall.ProductById.class, new TypeReference<Product>() {}),
          form("lines", ProductCall.Lines.class, new TypeReference<PartialList<ProductLine>>() {}),
          form(
              "statistics",
              ProductCall.Statistics.class,
              new TypeReference<ProductShard.Statistics>() {}),
          form(
              "requestsAfter",
              ProductCall.RequestsAfter.class,
              new TypeReference<PartialList<AccessRequest>>() {}),
          form("request", ProductCall.RequestById.class, new TypeReference<AccessRequest>() {}),
          form("find", ProductCall.Find.class, new TypeReference<List<Found>>() {}),
          form(
              "approvedOf",
              ProductCall.ApprovedOf.class,
              new TypeReference<PartialList<AccessRequest>>() {}),
          form(
              "scheduledOf",
              ProductCall.ScheduledOf.class,
              new TypeReference<PartialList<AccessRequest>>() {}),
          form("hasApproved", ProductCall.HasApproved.class, new TypeReference<Boolean>() {}),
          form(
              "expiredOf",
              ProductCall.ExpiredOf.class,
              new TypeReference<PartialList<AccessRequest>>() {}),
          form("lastEnded", ProductCall.LastEnded.class, new TypeReference<AccessRequest>() {}),
          form(
              "candidates",
              ProductCall.Candidates.class,
              new TypeReference<ExplainedProducts>() {}),
          form("givings", ProductCall.Givings.class, new TypeReference<UserProduct.Some>() {}));

  static final List<Form> USERS =
      List.of(
          form(
              "standingsAfter",
              UserCall.StandingsAfter.class,
              new TypeReference<PartialList<MembershipStatus>>() {}),
          form(
              "standings",
              UserCall.Standings.class,
              new TypeReference<List<MembershipStatus>>() {}),
          form("user", UserCall.User.class, new TypeReference<UserStatus>() {}),
          form("members", UserCall.Members.class, new TypeReference<List<Member>>() {}),
          form("holders", UserCall.Holders.class, new TypeReference<List<Holder>>() {}),
          form("progress", UserCall.ProgressOf.class, new TypeReference<Progress>() {}),
          form("sweeping", UserCall.SweepingProducts.class, new TypeReference<List<Sweeping>>() {}),
          form("sweeps", UserCall.Sweeps.class, new TypeReference<Long>() {}),
          form("preview", UserCall.Preview.class, new TypeReference<PreviewResult>() {}));

  static final List<Form> DELIVERIES =
      List.of(
          form(
              "statistics",
              DeliveryCall.Statistics.class,
              new TypeReference<DeliveryShard.Statistics>() {}),
          form("list", DeliveryCall.ListOf.class, new TypeReference<DeliveryShard.Slice>() {}));

  private static final Map<Class<?>, Form> BY_CALL =
      Stream.of(PRODUCTS, USERS, DELIVERIES)
          .flatMap(List::stream)
          .collect(Collectors.toUnmodifiableMap(Form::call, Function.identity()));

  private ShardCalls() {}

  private static Form form(
      String name, Class<? extends ShardCall<?, ?>> call, TypeReference<?> answer) {
    return new Form(name, call, MAPPER.constructType(answer));
  }

  /** Carries a call to the worker that has the shard, and its answer back. */
  @FunctionalInterface
  public interface Carrier {
    /**
     * Makes the call.
     *
     * @param call its name
     * @param arguments in JSON
     * @throws ShardUnavailableException when the worker does not answer
     */
    byte[] carry(String call, byte[] arguments);
  }

  /** A shard of products at another worker. */
  public static ProductShard products(Carrier carrier) {
    return new ProductShardClient(elsewhere(carrier));
  }

  /** A shard of users at another worker. */
  public static UserShard users(Carrier carrier) {
    return new UserShardClient(elsewhere(carrier));
  }

  /** A shard of outstanding commands at another process. */
  public static DeliveryShard deliveries(Carrier carrier) {
    return new DeliveryShardClient(elsewhere(carrier));
  }

  /** A shard of products in this process, read while its task works. */
  static ProductShard guarded(ProductShard shard, int partition) {
    return new ProductShardClient(ShardAsker.guarded(shard, ShardKind.PRODUCTS, partition));
  }

  /** A shard of users in this process, read while its task works. */
  static UserShard guarded(UserShard shard, int partition) {
    return new UserShardClient(ShardAsker.guarded(shard, ShardKind.USERS, partition));
  }

  static <S> ShardAsker<S> elsewhere(Carrier carrier) {
    return new ShardAsker<>() {
      @Override
      public <R> @Nullable R ask(ShardCall<S, R> call) {
        var form = formOf(call);
        try {
          var answer = carrier.carry(form.name(), encode(call));
          return MAPPER.readValue(answer, form.answer());
        } catch (IOException e) {
          throw new UncheckedIOException(
              "another worker's answer to %s is not readable".formatted(form.name()), e);
        }
      }
    };
  }

  private static Form formOf(ShardCall<?, ?> call) {
    var form = BY_CALL.get(call.getClass());
    if (form == null) {
      throw new IllegalStateException("the call %s has no form".formatted(call.getClass()));
    }
    return form;
  }

  /**
   * Answers a call about products for another worker.
   *
   * @param shard in this process
   * @throws NoSuchElementException when there is no call of that name
   * @throws IllegalArgumentException when those are not the call's arguments
   */
  public static byte[] answer(ProductShard shard, int partition, String call, byte[] arguments) {
    return answer(
        PRODUCTS, ShardAsker.guarded(shard, ShardKind.PRODUCTS, partition), call, arguments);
  }

  /**
   * Answers a call about users for another worker.
   *
   * @param shard in this process
   * @throws NoSuchElementException when there is no call of that name
   * @throws IllegalArgumentException when those are not the call's arguments
   */
  public static byte[] answer(UserShard shard, int partition, String call, byte[] arguments) {
    return answer(USERS, ShardAsker.guarded(shard, ShardKind.USERS, partition), call, arguments);
  }

  /**
   * Answers a call about outstanding commands for another process.
   *
   * @param shard in this process
   * @throws NoSuchElementException when there is no call of that name
   * @throws IllegalArgumentException when those are not the call's arguments
   */
  public static byte[] answer(DeliveryShard shard, int partition, String call, byte[] arguments) {
    return answer(
        DELIVERIES, ShardAsker.guarded(shard, ShardKind.DELIVERIES, partition), call, arguments);
  }

  private static <S> byte[] answer(
      List<Form> forms, ShardAsker<S> asker, String name, byte[] arguments) {
    var form =
        forms.stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow(() -> new NoSuchElementException("there is no call " + name));
    @SuppressWarnings("unchecked") // the forms of a shard are calls of that shard
    var call = (ShardCall<S, Object>) decode(form, arguments);
    try {
      return encode(asker.ask(call));
    } catch (IOException e) {
      throw new UncheckedIOException("the answer to %s cannot be written".formatted(name), e);
    }
  }

  /** The JSON of a call or an answer. */
  static byte[] encode(@Nullable Object value) throws IOException {
    return MAPPER.writeValueAsBytes(value);
  }

  /** A call that was read from JSON: all arguments are there, and none is null. */
  static ShardCall<?, ?> decode(Form form, byte[] arguments) {
    try {
      // As a stream: a tree takes many times the memory.
      ShardCall<?, ?> call =
          MAPPER
              .readerFor(form.call())
              .with(
                  DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                  DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
              .readValue(arguments);
      if (call == null) {
        throw new IllegalArgumentException(
            "these are not the arguments of the call " + form.name());
      }
      return call;
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "these are not the arguments of the call " + form.name(), e);
    }
  }

  /** An answer that was read from JSON. */
  static @Nullable Object decodeAnswer(Form form, byte[] answer) throws IOException {
    return MAPPER.readValue(answer, form.answer());
  }

  private static final class CountsOut extends JsonSerializer<RequestCounts> {
    @Override
    public void serialize(RequestCounts counts, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeStartObject();
      for (var state : RequestState.values()) {
        out.writeNumberField(state.name(), counts.in(state));
      }
      out.writeEndObject();
    }
  }

  private static final class CountsIn extends JsonDeserializer<RequestCounts> {
    @Override
    public RequestCounts deserialize(JsonParser in, DeserializationContext context)
        throws IOException {
      Map<RequestState, Long> counts =
          context.readValue(
              in,
              context
                  .getTypeFactory()
                  .constructMapType(EnumMap.class, RequestState.class, Long.class));
      return RequestCounts.of(counts);
    }
  }
}
