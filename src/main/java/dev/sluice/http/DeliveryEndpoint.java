package dev.sluice.http;

import dev.sluice.config.ApiKeys;
import dev.sluice.config.SluiceConfig;
import dev.sluice.http.ApiGuard.NothingException;
import dev.sluice.query.DeliveryForwarding;
import dev.sluice.query.DeliveryQueries;
import dev.sluice.query.QueryGateway;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Routes of questions about outstanding commands. */
final class DeliveryEndpoint implements Endpoint {
  static final String UNKNOWN =
      "this worker knows nothing of delivery: set delivery.enabled=true to run delivery in its"
          + " process, or delivery.url to the address of a process that runs ./sluice delivery";

  private static final String LOOP =
      "the process at delivery.url does not run delivery: set delivery.url to the address of a"
          + " process that runs ./sluice delivery";

  private final QueryGateway queryGateway;
  private final ApiGuard guard;
  private final boolean isHere;
  private final @Nullable DeliveryForwarding forwarding;
  private final int pageMax;
  private final Duration timeout;

  /**
   * Creates the routes.
   *
   * @param isHere whether delivery runs in this process
   * @param forwarding passes questions on if it does not; null if there is nowhere to pass them
   */
  DeliveryEndpoint(
      SluiceConfig config,
      QueryGateway queryGateway,
      ApiGuard guard,
      boolean isHere,
      @Nullable DeliveryForwarding forwarding) {
    this.queryGateway = queryGateway;
    this.guard = guard;
    this.isHere = isHere;
    this.forwarding = forwarding;
    pageMax = config.get(ApiKeys.PAGE_MAX);
    timeout = config.get(ApiKeys.QUERY_TIMEOUT);
  }

  @Override
  public void addTo(RoutesConfig routes) {
    guard.add(
        routes,
        ApiRoute.DELIVERIES,
        c -> {
          // Read also where the question is passed on: a mistake is answered here.
          var filter = Parameters.deliveries(c);
          var after = Parameters.cursor(c);
          var max = Parameters.limit(c, pageMax);
          answer(c, q -> q.deliveries(filter, after, max));
        });
    guard.add(routes, ApiRoute.DELIVERY_SUMMARY, c -> answer(c, DeliveryQueries::summary));
  }

  private void answer(Context context, Function<DeliveryQueries, Object> question) {
    if (isHere) {
      var json =
          queryGateway.askDelivery(
              Parameters.asked(context),
              question::apply,
              answered ->
                  JsonResponses.bytes(Objects.requireNonNull(answered.value()), answered.stale()));
      JsonResponses.answer(context, ApiGuard.OK, json);
      return;
    }
    if (context.header(DeliveryForwarding.HEADER) != null) {
      throw new NothingException(LOOP);
    }
    if (forwarding == null) {
      throw new NothingException(UNKNOWN);
    }
    var query = context.queryString();
    var target = context.path() + (query == null ? "" : "?" + query);
    var authorization = context.header("Authorization");
    var reply =
        queryGateway.compute(
            ApiGuard.sharer(context), () -> forwarding.pass(target, authorization, timeout));
    JsonResponses.passed(context, reply.status(), reply.isProblem(), reply.body());
  }
}
