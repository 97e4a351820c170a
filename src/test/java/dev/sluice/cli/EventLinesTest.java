package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLinesTest {

  @Test
  void shouldReadAnEventOfEveryLine() throws IOException {
    assertThat(read(line("e1") + "\n" + line("e2") + "\n"))
        .extracting(ProductEvent::eventId)
        .containsExactly("e1", "e2");
  }

  @Test
  void shouldReadTheLastLineWithoutItsEnd() throws IOException {
    assertThat(read(line("e1"))).hasSize(1);
  }

  @Test
  void shouldReadWindowsLineEnds() throws IOException {
    assertThat(read(line("e1") + "\r\n" + line("e2") + "\r\n")).hasSize(2);
  }

  @Test
  void shouldSkipEmptyLines() throws IOException {
    assertThat(read("\n  \n" + line("e1") + "\n\n\t\n")).hasSize(1);
  }

  @Test
  void shouldNameTheLineThatIsNotUtf8(@TempDir Path folder) throws IOException {
    var file = folder.resolve("latin1.jsonl");
    Files.write(file, (line("e1") + "\n\u00fc").getBytes(StandardCharsets.ISO_8859_1));

    try (var lines = EventLines.open(file)) {
      assertThatExceptionOfType(UsageException.class)
          .isThrownBy(() -> EventLines.readAll("latin1.jsonl", lines))
          .withMessage("latin1.jsonl:2:1: not UTF-8; store the file as UTF-8");
    }
  }

  @Test
  void shouldReportAFolderInPlaceOfAFile(@TempDir Path folder) {
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> EventLines.open(folder))
        .withMessage(folder + " is a folder: name a file with one event per line");
  }

  @Test
  void shouldReportAMissingFile(@TempDir Path folder) {
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> EventLines.open(folder.resolve("none")))
        .withMessage("no such file: " + folder.resolve("none"));
  }

  @Test
  void shouldReadAnEmptyFileAsNoEvents() throws IOException {
    assertThat(read("")).isEmpty();
  }

  @Test
  void shouldSkipAByteOrderMark() throws IOException {
    assertThat(read("\uFEFF" + line("e1"))).hasSize(1);
  }

  @Test
  void shouldNotSkipAByteOrderMarkFurtherDown() {
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> read(line("e1") + "\n\uFEFF" + line("e2")))
        .withMessageMatching("events\\.jsonl:2:[12]: not JSON.*");
  }

  @Test
  void shouldNameFileLineAndColumnOfAFault() {
    var wrong = line("e3").replace("ProductSuspended", "ProductPaused");

    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> read(line("e1") + "\n\n" + wrong + "\n"))
        .withMessageStartingWith(
            "events.jsonl:3:" + (wrong.indexOf("\"type\"") + 1) + ": unknown type ProductPaused");
  }

  @Test
  void shouldReturnNoEventOfAFileWithALaterFault() {
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> read(line("e1") + "\n{"))
        .withMessageStartingWith("events.jsonl:2:");
  }

  @Test
  void shouldSkipComments() throws IOException {
    assertThat(read("# OUT_OF_ORDER: why\n" + line("e1") + "\n#\n" + line("e2"))).hasSize(2);
  }

  @Test
  void shouldRefuseAnInvalidIdWithItsLine() {
    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> read(line("e1") + "\n" + line("auth0|e2") + "\n" + line("e3")))
        .withMessageStartingWith("events.jsonl:2: ")
        .withMessageContaining("auth0|e2");
  }

  @Test
  void shouldRefuseAnEventThatIsTooLargeToBeReadWithItsLine() {
    var large =
        line("e2").replaceAll("}$", ",\"data\":{\"reason\":\"" + "x".repeat(1 << 20) + "\"}}");

    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> read(line("e1") + "\n" + large))
        .withMessageMatching(
            "events\\.jsonl:2: the event has 1,048,\\d+ bytes when encoded, the maximum is"
                + " 1,048,576.*");
  }

  @Test
  void shouldReturnEventByEventWhenStreaming() {
    var events = new ArrayList<EventLines.Line>();

    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> EventLines.forEach("stdin", reader(line("e1") + "\n[]"), events::add))
        .withMessage("stdin:2:1: not a JSON object");
    assertThat(events).extracting(line -> line.at(Instant.EPOCH).eventId()).containsExactly("e1");
  }

  @Test
  void shouldCountADurationFromTheMomentOfPublishing() throws IOException {
    var text =
        line("e1")
            .replace("ProductSuspended", "AccessApproved")
            .replace(
                "\"}",
                "\",\"data\":{\"requestId\":\"r\",\"userId\":\"u\",\"approvedBy\":\"b\","
                    + "\"expiresAt\": \"+2s\"}}");
    var line = EventLines.readAll("f", reader(text)).getFirst();

    var now = Instant.parse("2026-01-05T09:00:00Z");

    assertThat(((Payload.AccessApproved) ((ProductEvent) line.at(now)).payload()).expiresAt())
        .isEqualTo(now.plusSeconds(2));
  }

  @Test
  void shouldNameTheLineOfAMalformedDuration() {
    var wrong = line("e1").replace("}", ",\"data\":{\"expiresAt\":\"+soon\"}}");

    assertThatExceptionOfType(UsageException.class)
        .isThrownBy(() -> read(wrong))
        .withMessageContaining("events.jsonl:1:")
        .withMessageContaining("soon");
  }

  private static List<ProductEvent> read(String text) throws IOException {
    return EventLines.readAll("events.jsonl", reader(text)).stream()
        .map(line -> (ProductEvent) line.at(Instant.EPOCH))
        .toList();
  }

  private static BufferedReader reader(String text) {
    return new BufferedReader(new StringReader(text));
  }

  private static String line(String eventId) {
    return "{\"eventId\":\""
        + eventId
        + "\",\"productId\":\"p1\",\"occurredAt\":\"2026-01-05T09:00:00Z\",\"actor\":\"u0\","
        + "\"type\":\"ProductSuspended\"}";
  }
}
