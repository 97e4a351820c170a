package dev.sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options and HTTP client of every command that calls a worker. */
final class ApiOptions {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int OK = 200;
  private static final int PAGE = 500;

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "http://localhost:8080",
      description = "URL of any worker. Default: ${DEFAULT-VALUE}.")
  private String url = "http://localhost:8080";

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "File that holds the token. Without it, the variable SLUICE_TOKEN holds the token.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--cacert",
      paramLabel = "FILE",
      description =
          "PEM file with the certificates to trust for https, such as your CA's, in place of"
              + " Java's. Without it, the variable SLUICE_CACERT names the file.")
  private @Nullable Path cacert;

  private boolean hasWarned;

  @Option(
      names = "--stale",
      description = "Accept a standby copy, which may be behind, for an unavailable partition.")
  private boolean stale;

  @Option(
      names = "--output",
      paramLabel = "table|json",
      defaultValue = "table",
      description = "table, for people, or json, for programs: one JSON line per item.")
  private OutputFormat outputFormat = OutputFormat.table;

  /** Returns an id as a path segment. */
  static String id(String id) {
    var encoded = encoded(id);
    // An id that is not valid in a path goes into the query.
    return id.contains("/") || id.contains("\\") || id.matches("\\.{1,2}|~")
        ? "~?id=" + encoded
        : encoded;
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  /** Returns a path below the path of an id, such as its members. */
  static String under(String path, String id, String what) {
    var part = id(id);
    return part.startsWith("~") ? path + "~/" + what + part.substring(1) : path + part + "/" + what;
  }

  JsonNode get(String path) {
    return send(request(path).GET().build());
  }

  JsonNode post(String path, String body) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build());
  }

  /** Returns at most the given number of items of a list, page by page. */
  List<JsonNode> list(String path, int max) {
    var items = new ArrayList<JsonNode>();
    var more = path.contains("?") ? "&" : "?";
    var cursor = "";
    while (items.size() < max) {
      var limit = Math.min(PAGE, max - items.size());
      var page = get(path + more + "limit=" + limit + cursor);
      page.get("items").forEach(items::add);
      if (page.has("deactivated")) {
        var deactivated = page.get("deactivated");
        Terminal.note(
            "The user is deactivated since "
                + deactivated.path("since").asText()
                + (deactivated.path("spreading").asBoolean()
                    ? ", and some sources are still to be revoked."
                    : ": all access is withheld."));
      }
      if (!page.has("next")) {
        return items;
      }
      cursor = "&cursor=" + page.get("next").asText();
    }
    Terminal.note("There are more: --max sets how many are shown.");
    return items;
  }

  private HttpRequest.Builder request(String path) {
    var full =
        url.replaceFirst("/+$", "")
            + path
            + (stale ? (path.contains("?") ? "&" : "?") + "stale=true" : "");
    try {
      var uri = URI.create(full);
      var builder = HttpRequest.newBuilder(uri).timeout(PATIENCE);
      var token = token();
      if (token != null) {
        warn(uri);
        builder.header("Authorization", "Bearer " + token);
      }
      return builder;
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "--url is "
              + shown(url)
              + ", which is not the URL of a worker, such as http://localhost:8080");
    }
  }

  /** Warns once per command, which may request several pages. */
  private void warn(URI uri) {
    if (!hasWarned && "http".equals(uri.getScheme()) && !WorkerTrust.isThisMachine(uri.getHost())) {
      hasWarned = true;
      Terminal.note(
          "warning: the token goes to %s over http, unencrypted: use https"
              .formatted(shown(uri.getHost())));
    }
  }

  private @Nullable String token() {
    if (tokenFile == null) {
      return token("SLUICE_TOKEN", System.getenv("SLUICE_TOKEN"));
    }
    try {
      return token(tokenFile.toString(), Files.readString(tokenFile));
    } catch (IOException e) {
      throw new UsageException("cannot read the token in " + tokenFile + ": " + e);
    }
  }

  /** Returns a token that is valid in a header; error messages do not contain it. */
  static @Nullable String token(String where, @Nullable String text) {
    if (text == null) {
      return null;
    }
    var token = text.strip();
    if (!token.chars().allMatch(c -> c > ' ' && c < '\u007f')) {
      throw new UsageException(
          "the token in "
              + where
              + " contains blanks, line breaks or other characters that no token has: store the"
              + " token alone, on one line");
    }
    return token;
  }

  /** Returns a URL without user and password. */
  private static String shown(String url) {
    return url.replaceFirst("(^|//)[^/]*@", "$1[hidden]@");
  }

  private HttpClient client() {
    var builder = HttpClient.newBuilder().connectTimeout(PATIENCE);
    var trusted = WorkerTrust.file(cacert, System.getenv());
    return trusted == null
        ? builder.build()
        : builder.sslContext(WorkerTrust.only(trusted)).build();
  }

  private JsonNode send(HttpRequest request) {
    try (var client = client()) {
      var answer = client.send(request, BodyHandlers.ofString());
      var body = JSON.readTree(answer.body());
      if (answer.statusCode() != OK) {
        throw new AskException(
            body.has("detail") ? body.get("detail").asText() : "status " + answer.statusCode());
      }
      if (body.has("stale")) {
        Terminal.note("Part of this answer is from a standby copy, which may be behind.");
      }
      return body;
    } catch (JsonProcessingException e) {
      throw new AskException("the server at " + shown(url) + " is not a worker");
    } catch (SSLException e) {
      throw new AskException(
          ("no secure connection to a worker at %s (%s): name its certificate, or that of the CA"
                  + " that signed it, with --cacert; the host in --url must be one of the"
                  + " certificate's names")
              .formatted(shown(url), AskException.reason(e)));
    } catch (IOException e) {
      throw new AskException(AskException.noAnswer(shown(url), e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AskException("interrupted");
    }
  }

  /** Prints items: one row per item with the given fields, or one JSON line per item. */
  void show(List<JsonNode> items, String... fields) {
    if (outputFormat == OutputFormat.json) {
      items.forEach(Terminal::json);
      return;
    }
    Terminal.text(FieldTable.of(items, List.of(fields)));
  }

  /** Prints one object: one field per line, or JSON. */
  void show(JsonNode item, String... fields) {
    if (outputFormat == OutputFormat.json) {
      Terminal.json(item);
    } else {
      Terminal.text(FieldTable.below(item, List.of(fields)));
    }
  }

  boolean isJson() {
    return outputFormat == OutputFormat.json;
  }
}
