package dev.sluice.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.client.EventBatchWriter;
import dev.sluice.config.ApiKeys;
import dev.sluice.config.SluiceConfig;
import dev.sluice.delivery.DeliveryFilter;
import dev.sluice.event.Event;
import dev.sluice.event.codec.EventJson;
import dev.sluice.event.codec.EventJson.InvalidJsonException;
import dev.sluice.http.ApiGuard.NothingException;
import dev.sluice.query.DeliveryNotes;
import dev.sluice.query.QueryGateway;
import dev.sluice.query.QueryService;
import dev.sluice.query.model.ApiModel.AccessView;
import dev.sluice.query.model.ApiModel.Page;
import dev.sluice.query.model.ApiModel.ProductView;
import dev.sluice.query.model.DeliveryViews;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Function;
import java.util.function.Supplier;
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

  private static final int TAG_BYTES = 8;
  private static final int NOT_MODIFIED = 304;

  private final QueryGateway queryGateway;
  private final EventsHandler events;
  private final RequestMemory bodies;
  private final ApiGuard guard;
  private final LiveStream live;
  private final @Nullable DeliveryNotes notes;
  private final int pageMax;
  private final byte[] description;

  /**
   * Creates the routes for a worker.
   *
   * @param intake writes events
   * @param live streams the live overview
   * @param notes adds what is outstanding; null if this worker knows nothing of delivery
   */
  ApiEndpoint(
      SluiceConfig config,
      QueryGateway queryGateway,
      EventBatchWriter intake,
      LiveStream live,
      ApiGuard guard,
      @Nullable DeliveryNotes notes) {
    this.queryGateway = queryGateway;
    this.notes = notes;
    var heap = Runtime.getRuntime().maxMemory();
    this.events =
        new EventsHandler(
            intake,
            config.get(ApiKeys.BODY_BYTES_MAX),
            new RequestMemory("events", heap / EVENTS_SHARE));
    this.bodies = new RequestMemory("questions", heap / QUESTIONS_SHARE);
    this.live = live;
    this.guard = guard;
    this.pageMax = config.get(ApiKeys.PAGE_MAX);
    this.description = Endpoint.resource("openapi.json");
  }

  @Override
  public void addTo(RoutesConfig routes) {
    Endpoint.get(routes, DESCRIPTION, c -> c.contentType("application/json").result(description));
    page(routes, ApiRoute.PRODUCTS, (q, c, after, max) -> q.products(after, max));
    page(routes, ApiRoute.MEMBERS, (q, c, after, max) -> q.members(id(c), after, max));
    page(routes, ApiRoute.PRODUCT_REQUESTS, (q, c, after, max) -> q.requests(id(c), after, max));
    page(routes, ApiRoute.ACCESS, this::access);
    page(
        routes,
        ApiRoute.HOLDERS,
        (q, c, after, max) -> q.holders(id(c), Parameters.type(c), after, max));
    add(routes, ApiRoute.PRODUCT, this::product);
    add(routes, ApiRoute.REQUEST, this::request);
    add(
        routes,
        ApiRoute.EXPLAIN,
        c -> {
          var user = Parameters.required(c, "user");
          var source = Parameters.required(c, "source");
          var type = Parameters.type(c);
          ask(
              c,
              q ->
                  noted(
                      c,
                      DeliveryFilter.ofPair(user, type, source),
                      () -> q.explain(user, source, type),
                      DeliveryViews::with));
        });
    add(routes, ApiRoute.OVERVIEW, c -> ask(c, QueryService::overview));
    Endpoint.get(routes, ApiRoute.LIVE.path(), this::live);
    add(routes, ApiRoute.PREVIEW, this::preview);
    add(routes, ApiRoute.EVENTS, events::take);
  }

  private void add(RoutesConfig routes, ApiRoute route, ApiGuard.Handler handler) {
    guard.add(routes, route, handler);
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
          var after = Parameters.cursor(c);
          var max = Parameters.limit(c, pageMax);
          ask(c, q -> paged.page(q, c, after, max));
        });
  }

  private Page<AccessView> access(
      QueryService queryService, Context context, String after, int max) {
    var user = id(context);
    return noted(
        context,
        DeliveryFilter.ofUser(user),
        () -> queryService.access(user, after, max),
        DeliveryViews::with);
  }

  /** Adds what is outstanding, if this worker knows delivery. */
  private <T> T noted(
      Context context,
      DeliveryFilter filter,
      Supplier<T> decision,
      DeliveryNotes.Adding<T> adding) {
    return notes == null
        ? decision.get()
        : notes.beside(Parameters.asked(context), filter, decision, adding);
  }

  private <T> void ask(Context context, Function<QueryService, @Nullable T> question) {
    var json =
        queryGateway.ask(
            Parameters.asked(context),
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
            Parameters.asked(context),
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

  private static String id(Context context) {
    var id = context.pathParam("id");
    return id.equals(ELSEWHERE) ? Parameters.required(context, "id") : id;
  }
}
