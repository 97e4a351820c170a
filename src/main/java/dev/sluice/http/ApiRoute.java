package dev.sluice.http;

import dev.sluice.auth.Role;
import io.javalin.http.HandlerType;
import java.util.Set;

/** Every path of the API; openapi.json describes each. */
enum ApiRoute {
  PRODUCTS(HandlerType.GET, "/v1/products", Role.READ),
  PRODUCT(HandlerType.GET, "/v1/products/{id}", Role.READ),
  MEMBERS(HandlerType.GET, "/v1/products/{id}/members", Role.READ),
  PRODUCT_REQUESTS(HandlerType.GET, "/v1/products/{id}/requests", Role.READ),
  REQUEST(HandlerType.GET, "/v1/requests/{id}", Role.READ),
  ACCESS(HandlerType.GET, "/v1/users/{id}/access", Role.READ),
  HOLDERS(HandlerType.GET, "/v1/sources/{id}/users", Role.READ),
  EXPLAIN(HandlerType.GET, "/v1/explain", Role.READ),
  DELIVERIES(HandlerType.GET, "/v1/deliveries", Role.READ),
  DELIVERY_SUMMARY(HandlerType.GET, "/v1/deliveries/summary", Role.READ),
  OVERVIEW(HandlerType.GET, "/v1/overview", Role.READ),
  LIVE(HandlerType.GET, "/v1/live", Role.READ),
  PREVIEW(HandlerType.POST, "/v1/preview", Role.READ),
  EVENTS(HandlerType.POST, "/v1/events", Role.PUBLISH, Role.PUBLISH_USERS);

  private final HandlerType method;
  private final String path;
  private final Set<Role> roles;

  ApiRoute(HandlerType method, String path, Role... roles) {
    this.method = method;
    this.path = path;
    this.roles = Set.of(roles);
  }

  HandlerType method() {
    return method;
  }

  String path() {
    return path;
  }

  /** Returns the roles of which a caller needs one. */
  Set<Role> roles() {
    return roles;
  }
}
