package dev.sluice.http;

import io.javalin.config.RoutesConfig;
import java.util.List;
import java.util.Map;

/**
 * The web console: static files of this program only. The files hold no data; the page calls the
 * API like any other client.
 */
public final class ConsoleEndpoint implements Endpoint {
  private static final String PAGE = "index.html";
  private static final List<String> FILES =
      List.of(
          "api.js",
          "app.js",
          "deliveries.js",
          "dom.js",
          "explain.js",
          "icon.svg",
          "live.js",
          "overview.js",
          "people.js",
          "preview.js",
          "products.js",
          "style.css");

  private static final Map<String, String> TYPES =
      Map.of(
          "css", "text/css; charset=utf-8",
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  /** Permits only the worker's own resources, and no embedding in frames. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

  @Override
  public void addTo(RoutesConfig routes) {
    add(routes, "/", PAGE);
    FILES.forEach(file -> add(routes, "/console/" + file, file));
  }

  private static void add(RoutesConfig routes, String path, String file) {
    var content = Endpoint.resource("console/" + file);
    var type = String.valueOf(TYPES.get(file.substring(file.lastIndexOf('.') + 1)));
    Endpoint.get(
        routes,
        path,
        context ->
            context
                .contentType(type)
                .header("Content-Security-Policy", POLICY)
                .header("Referrer-Policy", "no-referrer")
                .result(content));
  }
}
