package dev.sluice.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.sluice.auth.Authenticator;
import dev.sluice.auth.Authenticator.RefusedException;
import dev.sluice.auth.Authenticator.RequestIdentity;
import dev.sluice.auth.Caller;
import dev.sluice.auth.Role;
import dev.sluice.client.EventBatchWriter.NotKnownException;
import dev.sluice.client.EventBatchWriter.NotWrittenException;
import dev.sluice.query.QueryGateway.BusyException;
import dev.sluice.query.QueryTooLargeException;
import dev.sluice.query.shard.ShardUnavailableException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wraps every request to the API: authenticates it, maps errors to problems, and reports it to the
 * observer.
 */
final class ApiGuard {
  private static final Logger LOG = LoggerFactory.getLogger(ApiGuard.class);

  /** Request attribute that holds the caller. */
  static final String CALLER = "dev.sluice.http.caller";

  static final int OK = 200;
  static final int BAD_REQUEST = 400;
  static final int UNAUTHORIZED = 401;
  static final int FORBIDDEN = 403;
  static final int NOT_FOUND = 404;
  static final int TOO_MANY = 429;
  static final int FAILED = 500;
  static final int UNAVAILABLE = 503;

  /** Status 504: whether the events were written is unknown. */
  static final int NOT_KNOWN = 504;

  static final String RETRY_SECONDS = "1";

  /** Headers that a proxy adds. */
  private static final List<String> FORWARDED =
      List.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via");

  private static final double NANOS = 1e9;

  private final ThrottledLog trouble = new ThrottledLog(LOG);
  private final Authenticator authenticator;
  private final ApiObserver observer;

  ApiGuard(Authenticator authenticator, ApiObserver observer) {
    this.authenticator = authenticator;
    this.observer = observer;
  }

  /** Answers an authenticated request. */
  @FunctionalInterface
  interface Handler {
    void handle(Context context) throws JsonProcessingException;
  }

  /** Thrown for an invalid request. */
  static final class BadRequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadRequestException(String message) {
      super(message);
    }
  }

  /** Thrown if the caller lacks a role. */
  static final class ForbiddenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ForbiddenException(String message) {
      super(message);
    }
  }

  /** Thrown if the requested object does not exist. */
  static final class NothingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NothingException(String message) {
      super(message);
    }
  }

  /**
   * Handles one request.
   *
   * @param route documented path, for metrics
   * @param roles of these the caller needs one
   * @param counts whether the request counts for the caller's rate limit
   */
  void around(Context context, String route, Set<Role> roles, boolean counts, Handler handler) {
    var began = System.nanoTime();
    try {
      context.attribute(CALLER, authenticator.admit(arrival(context), roles, counts));
      if (context.attribute(JsonResponses.HELD) instanceof RequestMemory.Held held) {
        held.belongsTo(sharer(context));
      }
      if (!QueryString.isEncoded(context.queryString())) {
        throw new BadRequestException(
            "the query is not percent-encoded UTF-8: write % as %25, and other characters in"
                + " UTF-8");
      }
      handler.handle(context);
    } catch (RefusedException e) {
      refuse(context, e);
    } catch (ForbiddenException e) {
      JsonResponses.problem(context, FORBIDDEN, "Forbidden", String.valueOf(e.getMessage()));
    } catch (NothingException e) {
      JsonResponses.problem(context, NOT_FOUND, "Not found", String.valueOf(e.getMessage()));
    } catch (BadRequestException | QueryTooLargeException e) {
      JsonResponses.problem(context, BAD_REQUEST, "Bad request", String.valueOf(e.getMessage()));
    } catch (ShardUnavailableException e) {
      context.header("Retry-After", RETRY_SECONDS);
      JsonResponses.problem(
          context,
          UNAVAILABLE,
          "Partition unavailable",
          e.getMessage() + "; ?stale=true allows an answer from a standby copy, if there is one",
          Map.of("part", e.part()));
    } catch (BusyException e) {
      context.header("Retry-After", RETRY_SECONDS);
      JsonResponses.problem(
          context,
          e.isOfCaller() ? TOO_MANY : UNAVAILABLE,
          e.isOfCaller() ? "Too many queries" : "Unavailable",
          String.valueOf(e.getMessage()));
    } catch (NotKnownException e) {
      JsonResponses.problem(context, NOT_KNOWN, "Outcome unknown", String.valueOf(e.getMessage()));
    } catch (NotWrittenException e) {
      context.header("Retry-After", RETRY_SECONDS);
      JsonResponses.problem(context, UNAVAILABLE, "Not written", String.valueOf(e.getMessage()));
    } catch (HttpResponseException e) {
      if (e.getStatus() == UNAVAILABLE) {
        context.header("Retry-After", RETRY_SECONDS);
      }
      JsonResponses.problem(context, e.getStatus(), "Refused", String.valueOf(e.getMessage()));
    } catch (JsonProcessingException | RuntimeException e) {
      trouble.warn("cannot answer %s %s".formatted(context.method(), route), e);
      JsonResponses.problem(context, FAILED, "Failed", "the worker's log says why");
    } finally {
      observer.answered(route, context.statusCode(), (System.nanoTime() - began) / NANOS);
    }
  }

  /** Adds a route of the API; GET is answered to HEAD too. */
  void add(RoutesConfig routes, ApiRoute route, Handler handler) {
    io.javalin.http.Handler guarded =
        context -> around(context, route.path(), route.roles(), true, handler);
    if (route.method() == HandlerType.GET) {
      Endpoint.get(routes, route.path(), guarded);
    } else {
      routes.addHttpHandler(route.method(), route.path(), guarded);
    }
  }

  /** Returns the caller's name. */
  static String caller(Context context) {
    Caller caller = context.attribute(CALLER);
    return caller == null ? "unknown" : caller.name();
  }

  /**
   * Requires one more role of an admitted caller.
   *
   * @param purpose what it is needed for, in words
   * @throws ForbiddenException if the caller lacks it
   */
  static void require(Context context, Role role, String purpose) {
    Caller caller = context.attribute(CALLER);
    if (caller == null || !caller.may(role)) {
      throw new ForbiddenException(
          "the token of %s lacks the role %s, which %s".formatted(caller(context), role, purpose));
    }
  }

  /**
   * Returns the key for the caller's share of threads and memory: the token's name, or the address
   * without tokens.
   */
  static String sharer(Context context) {
    var caller = caller(context);
    return context.header("Authorization") == null
        ? caller + " at " + context.req().getRemoteAddr()
        : caller;
  }

  private static RequestIdentity arrival(Context context) {
    return new RequestIdentity(
        context.header("Authorization"),
        context.req().getRemoteAddr(),
        context.header("Host"),
        context.header("Origin"),
        context.header("Sec-Fetch-Site"),
        FORWARDED.stream().anyMatch(name -> context.header(name) != null));
  }

  private static void refuse(Context context, RefusedException e) {
    var detail = String.valueOf(e.getMessage());
    switch (e.why()) {
      case UNAUTHORIZED -> {
        context.header("WWW-Authenticate", "Bearer");
        JsonResponses.problem(context, UNAUTHORIZED, "Unauthorized", detail);
      }
      case UNAVAILABLE -> {
        context.header("Retry-After", RETRY_SECONDS);
        JsonResponses.problem(context, UNAVAILABLE, "Cannot check the token", detail);
      }
      case FORBIDDEN -> JsonResponses.problem(context, FORBIDDEN, "Forbidden", detail);
      case TOO_MANY -> {
        context.header("Retry-After", RETRY_SECONDS);
        JsonResponses.problem(context, TOO_MANY, "Too many requests", detail);
      }
    }
  }
}
