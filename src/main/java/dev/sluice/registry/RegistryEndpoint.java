package dev.sluice.registry;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * One base URL of a registry and its credentials.
 *
 * @param base without credentials and trailing slash; safe for messages
 * @param authorization value of the Authorization header; null for none
 */
record RegistryEndpoint(String base, @Nullable String authorization) {
  /**
   * Reads a base URL.
   *
   * @param authorization replaces the URL's own credentials; null to use those
   */
  static RegistryEndpoint parse(String url, @Nullable String authorization) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      // The exception quotes the URL, credentials included, and is therefore no cause.
      throw invalid(url, "is not a URL: percent-encode special characters of a password");
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw invalid(url, "must start with http:// or https://");
    }
    if (uri.getHost() == null) {
      throw invalid(url, "has no valid host name (an underscore is not allowed in one)");
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw invalid(url, "must not have a query or fragment");
    }
    String host = uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
    String path = uri.getRawPath() == null ? "" : uri.getRawPath().replaceAll("/+$", "");
    String base = scheme + "://" + host + path;
    String userInfo = uri.getRawUserInfo();
    return new RegistryEndpoint(
        base, authorization != null || userInfo == null ? authorization : basic(decoded(userInfo)));
  }

  URI resolve(String path) {
    return URI.create(base + path);
  }

  /** Returns the URL with everything masked that may be a user name or password. */
  static String masked(String url) {
    return url.replaceAll("(?s)//.*@", "//***@");
  }

  private static ConfigException invalid(String url, String problem) {
    return new ConfigException(RegistryConfig.URL + ": " + masked(url) + " " + problem);
  }

  private static String decoded(String rawUserInfo) {
    // URLDecoder would take a plus for a space.
    return URLDecoder.decode(rawUserInfo.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** Returns the header for {@code user:password}. */
  static String basic(String credentials) {
    return "Basic "
        + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return base;
  }
}
