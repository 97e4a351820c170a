package dev.sluice.http;

import dev.sluice.config.SluiceConfig;
import io.javalin.config.RoutesConfig;
import java.util.LinkedHashMap;

/**
 * Version, commit, and the effective settings with secrets hidden.
 *
 * @param config the settings
 */
public record InfoEndpoint(SluiceConfig config) implements Endpoint {

  /** Path of the information. */
  public static final String PATH = "/info";

  private static final int OK = 200;

  @Override
  public void addTo(RoutesConfig routes) {
    var buildInfo = BuildInfo.current();
    var body = new LinkedHashMap<String, Object>();
    body.put("name", "sluice");
    body.put("version", buildInfo.version());
    body.put("commit", buildInfo.commit());
    body.put("java", Runtime.version().toString());
    body.put("applicationId", config.applicationId());
    body.put("settings", config.published());
    Endpoint.get(
        routes,
        PATH,
        context -> {
          if (HostNameFilter.allow(context)) {
            JsonResponses.answer(context, OK, body);
          }
        });
  }
}
