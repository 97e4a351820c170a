package dev.sluice.dev.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Sends queries over HTTP, one after the other, and checks each answer. For one thread. */
final class Asking implements AutoCloseable {
  private static final int OK = 200;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /**
   * A query with a known answer.
   *
   * @param path with its parameters
   * @param body body to send; null for none
   * @param answer throws for a wrong answer
   */
  record Question(String path, @Nullable String body, Consumer<JsonNode> answer) {}

  /** Sends a query to a worker; returns the nanoseconds until the complete answer. */
  long ask(String url, Question question) throws InterruptedException {
    var request = HttpRequest.newBuilder(URI.create(url + question.path));
    if (question.body != null) {
      request
          .header("Content-Type", "application/json")
          .POST(BodyPublishers.ofString(question.body));
    }
    try {
      var began = System.nanoTime();
      var answer = client.send(request.build(), BodyHandlers.ofString());
      var took = System.nanoTime() - began;
      if (answer.statusCode() != OK) {
        throw new BenchException(
            "%s answered %d: %s".formatted(question.path, answer.statusCode(), answer.body()));
      }
      question.answer.accept(JSON.readTree(answer.body()));
      return took;
    } catch (IOException e) {
      throw new BenchException("%s: %s".formatted(question.path, e), e);
    }
  }

  static void require(boolean right, String what, JsonNode answer) {
    if (!right) {
      throw new BenchException("%s, but the answer is %s".formatted(what, answer));
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
