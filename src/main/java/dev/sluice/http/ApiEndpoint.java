package dev.sluice.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.auth.Authenticator;
import dev.sluice.auth.Role;
import dev.sluice.client.EventBatchWriter;
import dev.sluice.config.ApiKeys;
import dev.sluice.config.SluiceConfig;
import dev.sluice.event.Event;
import dev.sluice.event.codec.EventJson;
import dev.sluice.event.codec.EventJson.InvalidJsonException;
import dev.sluice.http.ApiGuard.BadRequestException;
import dev.sluice.http.ApiGuard.NothingException;
import dev.sluice.query.QueryGateway;
import dev.sluice.query.QueryGateway.Asked;
import dev.sluice.query.QueryService;
import dev.sluice.query.model.ApiModel.ProductView;
import dev.sluice.query.model.Cursor;
import dev.sluice.query.shard.CallVersion;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Routes of queries and events; openapi.json describes them. */
final class ApiEndpoint implements Endpoint {

  /** Path of the API description. */
  public static final String DESCRIPTION = "/openapi.json";

  /** Path segment that means: the id is a query parameter, as needed for an id with a slash. */
  private static final String ELSEWHERE = "~";

  /**
   * Share of the heap for event bodies. A parsed body takes several times the memory of its text.
   */
  private static final int EVENTS_SHARE = 32;

  private static final int QUESTIONS_SHARE = 64;

  private static final int PAGE_DEFAULT = 100;
  private static final int TAG_BYTES = 8;
  private static final int NOT_MODIFIED = 304;

  private final QueryGateway queryGateway;
  private final EventsHandler events;
  private final RequestMemory bodies;
  private final RequestMemory within;
  private final ApiGuard guard;
  private final LiveStream live;
  private final int pageMax;
  private final byte[] description;

  /**
   * Creates the routes for a worker.
   *
   * @param intake writes events
   * @param live streams the live overview
   */
  ApiEndpoint(
      SluiceConfig config,
      QueryGateway queryGateway,
      EventBatchWriter intake,
      LiveStream live,
      Authenticator authenticator,
      ApiObserver observer) {
    this.queryGateway = queryGateway;
    var heap = Runtime.getRuntime().maxMemory();
    this.events =
        new EventsHandler(
            intake,
            config.get(ApiKeys.BODY_BYTES_MAX),
            new RequestMemory("events", heap / EVENTS_SHARE));
    this.bodies = new RequestMemory("questions", heap / QUESTIONS_SHARE);
    // A separate pool: a query that waits for its parts must not block another worker's query for
    // them.
    this.within = new RequestMemory("queries of other workers", heap / QUESTIONS_SHARE);
    this.live = live;
    this.guard = new ApiGuard(authenticator, observer);
    this.pageMax = config.get(ApiKeys.PAGE_MAX);
    this.description = Endpoint.resource("openapi.json");
  }

  @Override
  public void addTo(RoutesConfig routes) {
    Endpoint.get(routes, DESCRIPTION, c -> c.contentType("application/json").result(description));
    page(routes, ApiRoute.PRODUCTS, (q, c, after, max) -> q.products(after, max));
    page(routes, ApiRoute.MEMBERS, (q, c, after, max) -> q.members(id(c), after, max));
    page(routes, ApiRoute.PRODUCT_REQUESTS, (q, c, after, max) -> q.requests(id(c), after, max));
    page(routes, ApiRoute.ACCESS, (q, c, after, max) -> q.access(id(c), after, max));
    page(routes, ApiRoute.HOLDERS, (q, c, after, max) -> q.holders(id(c), type(c), after, max));
    add(routes, ApiRoute.PRODUCT, this::product);
    add(routes, ApiRoute.REQUEST, this::request);
    add(
        routes,
        ApiRoute.EXPLAIN,
        c -> {
          var user = required(c, "user");
          var source = required(c, "source");
          var type = type(c);
          ask(c, q -> q.explain(user, source, type));
        });
    add(routes, ApiRoute.OVERVIEW, c -> ask(c, QueryService::overview));
    Endpoint.get(routes, ApiRoute.LIVE.path(), this::live);
    add(routes, ApiRoute.PREVIEW, this::preview);
    add(routes, ApiRoute.EVENTS, events::take);
    routes.post(
        QueryGateway.INTERNAL + "/{stage}/{partition}/{call}",
        c -> guard.around(c, "internal", Set.of(Role.READ), false, this::part));
  }

  private void add(RoutesConfig routes, ApiRoute route, ApiGuard.Handler handler) {
    Handler guarded = context -> guard.around(context, route.path(), route.roles(), true, handler);
    if (route.method() == HandlerType.GET) {
      Endpoint.get(routes, route.path(), guarded);
    } else {
      routes.addHttpHandler(route.method(), route.path(), guarded);
    }
  }

  /** Answers a page of a list. */
  @FunctionalInterface
  private interface Paged {
    @Nullable Object page(QueryService queryService, Context context, String after, int max);
  }

  private void page(RoutesConfig routes, ApiRoute route, Paged paged) {
    add(
        routes,
        route,
        c -> {
          var after = cursor(c);
          var max = limit(c);
          ask(c, q -> paged.page(q, c, after, max));
        });
  }

  private <T> void ask(Context context, Function<QueryService, @Nullable T> question) {
    var json =
        queryGateway.ask(
            asked(context),
            question,
            answered -> {
              var value = answered.value();
              return value == null ? null : JsonResponses.bytes(value, answered.stale());
            });
    if (json == null) {
      throw new NothingException("there is no " + context.path());
    }
    JsonResponses.answer(context, ApiGuard.OK, json);
  }

  private static Asked asked(Context context) {
    return new Asked(
        ApiGuard.sharer(context),
        context.header("Authorization"),
        Boolean.parseBoolean(context.queryParam("stale")));
  }

  private void live(Context context) {
    var route = ApiRoute.LIVE;
    if (context.method() != route.method()) {
      // HEAD needs no body.
      guard.around(context, route.path(), route.roles(), true, c -> c.contentType(LiveStream.TYPE));
      return;
    }
    guard.around(context, route.path(), route.roles(), true, live::begin);
    if (context.statusCode() == ApiGuard.OK) {
      // Not measured: a viewer's watching time is not a response time.
      live.run(context);
    }
  }

  private void product(Context context) {
    var id = id(context);
    var known = context.header("If-None-Match");
    var tagged =
        queryGateway.ask(
            asked(context),
            q -> q.product(id),
            answered -> {
              var product = answered.value();
              if (product == null) {
                return null;
              }
              var tag = tag(product);
              return new Tagged(
                  tag, tag.equals(known) ? null : JsonResponses.bytes(product, answered.stale()));
            });
    if (tagged == null) {
      throw new NothingException("there is no product " + id);
    }
    context.header("ETag", tagged.tag());
    if (tagged.json() == null) {
      context.status(NOT_MODIFIED);
      return;
    }
    JsonResponses.answer(context, ApiGuard.OK, tagged.json());
  }

  /** A product as JSON with its ETag; no JSON if the caller has the current version. */
  private record Tagged(String tag, byte @Nullable [] json) {}

  /**
   * Returns the revision, followed by a hash of what changes without a revision: counters, details,
   * sweeps.
   */
  private static String tag(ProductView product) {
    try {
      // Hashes the text, which is the same on every worker.
      var hash = MessageDigest.getInstance("SHA-256").digest(product.toString().getBytes(UTF_8));
      return "\"%d-%s\""
          .formatted(product.revision(), HexFormat.of().formatHex(hash, 0, TAG_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java runtime has SHA-256", e);
    }
  }

  private void request(Context context) {
    var id = id(context);
    var productId = context.queryParam("product");
    ask(
        context,
        q -> {
          var found = q.request(id, productId);
          return found.items().isEmpty() ? null : found;
        });
  }

  private void preview(Context context) {
    EventsHandler.requireType(context, EventsHandler.JSON);
    try (var requestBody = RequestBody.of(context, RequestBody.EVENT_MAX, bodies)) {
      var text = requestBody.text();
      var event = queryGateway.compute(ApiGuard.sharer(context), () -> event(requestBody, text));
      ask(context, q -> q.preview(event, System.currentTimeMillis()));
    }
  }

  private static Event event(RequestBody requestBody, String text) {
    try {
      return EventJson.read(text, requestBody::admit);
    } catch (InvalidJsonException e) {
      throw EventsHandler.problem("", e);
    }
  }

  private void part(Context context) {
    var call = context.pathParam("call");
    var stage = context.pathParam("stage");
    var partition = number("the partition", context.pathParam("partition"));
    context.header(CallVersion.HEADER, Integer.toString(CallVersion.CURRENT));
    try {
      QueryGateway.requireVersion(stage, partition, context.header(CallVersion.HEADER));
    } catch (NoSuchElementException e) {
      throw new NothingException(String.valueOf(e.getMessage()));
    }
    try (var requestBody = RequestBody.of(context, QueryGateway.argumentsMax(call), within)) {
      JsonResponses.answer(
          context,
          ApiGuard.OK,
          queryGateway.part(
              ApiGuard.sharer(context),
              stage,
              partition,
              call,
              requestBody.bytes(),
              Boolean.parseBoolean(context.queryParam("stale")),
              timeout(context.header(QueryGateway.TIMEOUT_HEADER))));
    } catch (NoSuchElementException e) {
      throw new NothingException(String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      throw new BadRequestException(String.valueOf(e.getMessage()));
    }
  }

  private static Duration timeout(@Nullable String header) {
    var longest = Duration.ofDays(1);
    return header == null
        ? longest
        : Duration.ofMillis(
            Math.clamp(number(QueryGateway.TIMEOUT_HEADER, header), 0, longest.toMillis()));
  }

  private static int number(String what, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new BadRequestException(
          "%s must be a whole number, at most %d".formatted(what, Integer.MAX_VALUE));
    }
  }

  private static String id(Context context) {
    var id = context.pathParam("id");
    return id.equals(ELSEWHERE) ? required(context, "id") : id;
  }

  private static String required(Context context, String name) {
    var value = context.queryParam(name);
    if (value == null || value.isEmpty()) {
      throw new BadRequestException("missing parameter: " + name);
    }
    return value;
  }

  /** Returns the type of the requested source; empty for every type. */
  private static String type(Context context) {
    var type = context.queryParam("sourceType");
    return type == null ? "" : type;
  }

  private static String cursor(Context context) {
    var cursor = context.queryParam("cursor");
    try {
      return cursor == null ? "" : Cursor.id(cursor);
    } catch (IllegalArgumentException e) {
      throw new BadRequestException("cursor is invalid: use the field next of a page");
    }
  }

  private int limit(Context context) {
    var limit = context.queryParam("limit");
    if (limit == null) {
      return Math.min(PAGE_DEFAULT, pageMax);
    }
    try {
      int number = Integer.parseInt(limit);
      if (number >= 1 && number <= pageMax) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Reported below.
    }
    throw new BadRequestException("limit must be a number from 1 to " + pageMax);
  }
}
