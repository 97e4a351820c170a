package dev.sluice.http;

import dev.sluice.auth.Role;
import dev.sluice.http.ApiGuard.BadRequestException;
import dev.sluice.http.ApiGuard.NothingException;
import dev.sluice.query.QueryGateway;
import dev.sluice.query.shard.CallVersion;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Route of the calls of other workers for the partitions of this one. */
final class PartEndpoint implements Endpoint {
  private static final int SHARE = 64;

  private final QueryGateway queryGateway;
  private final ApiGuard guard;

  /**
   * Memory of the calls' arguments, apart from that of questions: a question that waits for its
   * parts must not block another worker's question for them.
   */
  private final RequestMemory within =
      new RequestMemory("queries of other workers", Runtime.getRuntime().maxMemory() / SHARE);

  PartEndpoint(QueryGateway queryGateway, ApiGuard guard) {
    this.queryGateway = queryGateway;
    this.guard = guard;
  }

  @Override
  public void addTo(RoutesConfig routes) {
    routes.post(
        QueryGateway.INTERNAL + "/{stage}/{partition}/{call}",
        c -> guard.around(c, "internal", Set.of(Role.READ), false, this::part));
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
}
