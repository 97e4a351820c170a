package dev.sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.avro.AccessAction;
import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.CommandReason;
import dev.sluice.contract.RejectionHeaders;
import dev.sluice.dev.demo.DemoJson;
import dev.sluice.dev.demo.DemoStory;
import dev.sluice.event.DataSource;
import dev.sluice.event.Events;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Foreign texts, through everything that shows them. */
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class TerminalTest {
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  /** Ends a terminal's title, clears it, forges a line, and turns it around. */
  private static final String HOSTILE =
      "x\u001b]0;P\u0007\u001b[2J\nGRANT root\r\u009b1m\u2028\u2029\u202e\u2066\u200b\u061c\ufeff";

  /** Every way in which something of others' is shown, by name; each is given a text of theirs. */
  private static final Map<String, Consumer<String>> SHOWN = new LinkedHashMap<>();

  static {
    SHOWN.put("command", text -> Terminal.line(CommandLines.of(command(text))));
    SHOWN.put("command as JSON", text -> Terminal.json(OutputJson.of("command", command(text))));
    SHOWN.put("story's event", text -> new DemoStory().event(event(text)));
    SHOWN.put("story's command", text -> new DemoStory().command(command(text)));
    SHOWN.put("story's rejection", text -> new DemoStory().rejected(rejected(text)));
    SHOWN.put("demo's command as JSON", text -> new DemoJson().command(command(text)));
    SHOWN.put("demo's rejection as JSON", text -> new DemoJson().rejected(rejected(text)));
    SHOWN.put(
        "story's end",
        text -> {
          var story = new DemoStory();
          story.command(command(text));
          story.end();
        });
    SHOWN.put("rejected", text -> Terminal.lines(rejected(text).lines()));
    SHOWN.put("rejected as JSON", text -> Terminal.json(rejected(text).json()));
    SHOWN.put("rejected for publish", text -> Terminal.lines(rejected(text).forPublish()));
    SHOWN.put("of unknown type", text -> Terminal.lines(ofUnknownType(text).lines()));
    SHOWN.put("of unknown type as JSON", text -> Terminal.json(ofUnknownType(text).json()));
    SHOWN.put(
        "of unknown type for publish", text -> Terminal.lines(ofUnknownType(text).forPublish()));
    SHOWN.put(
        "table",
        text ->
            Terminal.text(
                FieldTable.of(
                    List.of(JSON.createObjectNode().put("id", text).put("more", text)),
                    List.of("id", "more"))));
    SHOWN.put(
        "fields",
        text ->
            Terminal.text(
                FieldTable.below(JSON.createObjectNode().put("id", text), List.of("id"))));
    SHOWN.put("answer as JSON", text -> Terminal.json(JSON.createObjectNode().put("id", text)));
    SHOWN.put("failure", Terminal::failure);
    SHOWN.put("note", Terminal::note);
    SHOWN.put("format", text -> Terminal.line("%-10s %s", text, text));
    SHOWN.put("lines", text -> Terminal.lines(List.of(text)));
    SHOWN.put("health", text -> Terminal.text(text.replace("\n", "") + "\n"));
  }

  static List<String> ways() {
    return List.copyOf(SHOWN.keySet());
  }

  private static AccessCommand command(String text) {
    return AccessCommand.newBuilder()
        .setAction(AccessAction.GRANT)
        .setUserId(text)
        .setSourceId(text)
        .setSourceType(text)
        .setProductId(text)
        .setReason(CommandReason.ACCESS_APPROVED)
        .setCauseEventId(text)
        .setRevision(1)
        .setOccurredAt(Events.NOON)
        .build();
  }

  private static ProductEvent event(String text) {
    return new ProductEvent(
        text,
        text,
        3L,
        Events.NOON,
        text,
        new Payload.DataSourcesReplaced(List.of(new DataSource(text, text))));
  }

  private static RejectedEvent rejected(String text) {
    var headers = new RecordHeaders();
    for (var name :
        List.of(
            RejectionHeaders.REASON,
            RejectionHeaders.MESSAGE,
            RejectionHeaders.REMEDY,
            RejectionHeaders.EVENT_ID,
            RejectionHeaders.TOPIC,
            RejectionHeaders.PARTITION,
            RejectionHeaders.OFFSET,
            "sluice.publisher")) {
      headers.add(name, text.getBytes(UTF_8));
    }
    return RejectedEvent.of(text.getBytes(UTF_8), new byte[7], headers, 0, event(text), null);
  }

  private static RejectedEvent ofUnknownType(String type) {
    return RejectedEvent.of("p1".getBytes(UTF_8), new byte[7], new RecordHeaders(), 0, null, type);
  }

  private static String shown(Consumer<String> way, String text) {
    var out = System.out;
    var err = System.err;
    var seen = new ByteArrayOutputStream();
    try (var stream = new PrintStream(seen, true, UTF_8)) {
      System.setOut(stream);
      System.setErr(stream);
      way.accept(text);
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
    return seen.toString(UTF_8);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void shouldShowForeignTextsAsPlainText(String name) {
    var way = Objects.requireNonNull(SHOWN.get(name));
    var plain = shown(way, "plain");
    var hostile = shown(way, HOSTILE);

    assertThat(plain).contains("plain");
    assertThat(hostile)
        .containsIgnoringCase("\\u001b")
        .doesNotContainPattern("[\\p{Cc}\\p{Cf}\\u2028\\u2029&&[^\n]]");
    assertThat(hostile.lines().count()).as("no line of theirs").isEqualTo(plain.lines().count());
  }

  @Test
  void shouldPrintRejectedEventsInTheFormOfPublish() throws Exception {
    var good =
        new ProductEvent("e1", "p1", 3L, Events.NOON, "api", Events.suspended("p1").payload());
    var rejected =
        RejectedEvent.of(new byte[0], new byte[7], rejected(HOSTILE).headers(), 0, good, null);
    var unreadable = RejectedEvent.of(null, new byte[7], rejected("x").headers(), 0, null, null);
    var text =
        shown(
            any -> {
              Terminal.lines(rejected.forPublish());
              Terminal.lines(unreadable.forPublish());
            },
            "");

    var lines = EventLines.readAll("mended", new BufferedReader(new StringReader(text)));
    assertThat(lines).singleElement().extracting(line -> line.at(Events.NOON)).isEqualTo(good);
    assertThat(text).contains("# 7 bytes, which is not an event that can be shown");
  }

  @Test
  void shouldShowReasonRemedyTimePlaceAndActorOfARejection() {
    var headers = rejected("x").headers();
    var event =
        RejectedEvent.of("p1".getBytes(UTF_8), new byte[7], headers, 1_000, event("p1"), null);

    assertThat(event.lines())
        .startsWith(
            "REJECTED x DataSourcesReplaced x of product p1",
            "  why     x",
            "  remedy  x",
            "  read    x-x offset x, rejected at 1970-01-01T00:00:01Z, published by x")
        .last()
        .asString()
        .contains("\"type\":\"DataSourcesReplaced\",\"data\":{");
    assertThat(event.json().properties().stream().map(Map.Entry::getKey))
        .containsExactly(
            "kind",
            "eventId",
            "productId",
            "type",
            "reason",
            "message",
            "remedy",
            "rejectedAt",
            "topic",
            "partition",
            "offset",
            "publisher",
            "event");
  }
}
