package dev.sluice.event.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.event.codec.EventJson.InvalidJsonException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON that is no event: the message says what is wrong, the column where. */
class InvalidEventJsonTest {
  private static final String ENVELOPE =
      "{'eventId':'e1','productId':'p1','occurredAt':'2026-01-05T09:00:00Z','actor':'u0'";

  @ParameterizedTest
  @ValueSource(strings = {"x", "{", "{'a':1}}", "{'a' 1}", "{} {}"})
  void shouldRejectWhatIsNoJson(String text) {
    assertThat(invalid(text).getMessage()).startsWith("not JSON");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "[]", "1", "'text'", "null", "true"})
  void shouldRejectWhatIsNoObject(String text) {
    assertThat(invalid(text)).hasMessage("not a JSON object");
  }

  @Test
  void shouldSayAtWhichColumnItIsNoJson() {
    assertThat(invalid("{'a':1,,}").column()).isBetween(7, 8);
  }

  @Test
  void shouldRejectHalfOfACharacter() {
    var source =
        EventJsonTest.json(
            "DataSourcesReplaced", "{'dataSources':[{'sourceId':'s\\ud800','sourceType':'X'}]}");
    var domain = EventJsonTest.json("ProductUpdated", "{'domains':['a','\\udc00']}");
    var whole = EventJsonTest.json("ProductUpdated", "{'name':'\\ud83d\\ude00'}");

    assertThat(invalid(source).getMessage()).startsWith("sourceId holds half of a character");
    assertThat(invalid(domain).getMessage()).startsWith("domains holds half of a character");
    assertThatCode(() -> EventJson.parse(whole)).doesNotThrowAnyException();
  }

  @Test
  void shouldRejectTrailingGarbage() {
    var text = EventJsonTest.json("ProductSuspended", "{}") + " garbage";

    assertThat(invalid(text).getMessage()).startsWith("not JSON");
  }

  @Test
  void shouldRejectDeeplyNestedData() {
    assertThat(invalid("[".repeat(100_000)).getMessage()).startsWith("not JSON");
  }

  /** As a tree it takes fifty times its text, which a worker of half a gigabyte has not. */
  @Test
  void shouldNotKeepWhatIsNoEvent() {
    var suspended = ENVELOPE + ",'type':'ProductSuspended','data':";
    var many = "{},".repeat(400_000) + "{}";
    var few = "[{},{},{},{},{},{},{},{}],".repeat(2_000) + "{}";
    var bytes = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (var text : List.of(suspended + "[" + many + "]}", suspended + "[" + few + "]}")) {
      var before = bytes.getCurrentThreadAllocatedBytes();

      var e = invalid(text);

      assertThat(e.getMessage())
          .startsWith(text.contains(many) ? "the event has more than" : "ProductSuspended: ");
      assertThat(bytes.getCurrentThreadAllocatedBytes() - before)
          .isLessThan(20L * Math.max(text.length(), 100_000));
    }
  }

  @Test
  void shouldRejectATextOfTooManyPieces() {
    var fields =
        IntStream.range(0, 100_000).mapToObj(i -> "'" + i + "':0").collect(Collectors.joining(","));

    assertThat(invalid(ENVELOPE + ",'data':{" + fields + "}}").getMessage())
        .startsWith("not JSON: ")
        .contains("200,000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{} {}",
        "[1] [2]",
        "{'a':}",
        "{'eventId':[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]}",
        "{'eventId':'e','productId':'p','occurredAt':'2026-01-05T09:00:00Z','actor':'a',"
            + "'type':'DataSourcesReplaced','data':{'dataSources':'s1'}}",
        "{'eventId':'e','productId':'p','occurredAt':'2026-01-05T09:00:00Z','actor':'a',"
            + "'type':'DeterminationMade','data':{'requestId':'r','approver':'u','decision':'M'}}"
      })
  void shouldNotSpeakOfItsOwnInsides(String text) {
    assertThat(invalid(text).getMessage())
        .doesNotContain("com.", "dev.", "java.", "Feature", "JsonToken", "StreamRead");
  }

  @Test
  void shouldRejectAnUnknownFieldOfTheEnvelope() {
    var e = invalid(ENVELOPE + ",'type':'ProductSuspended','sequenz':1}");

    assertThat(e.getMessage()).startsWith("unknown field sequenz; known are [actor, data, ");
    assertThat(e.column()).isEqualTo((ENVELOPE + ",'type':'ProductSuspended',").length() + 1);
  }

  @Test
  void shouldRejectAnUnknownType() {
    var e = invalid(ENVELOPE + ",'type':'ProductPaused'}");

    assertThat(e.getMessage()).startsWith("unknown type ProductPaused; known are [AccessApproved");
    assertThat(e.column()).isEqualTo((ENVELOPE + ",").length() + 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"eventId", "productId", "occurredAt", "actor", "type"})
  void shouldRejectAMissingFieldOfTheEnvelope(String field) {
    var text =
        EventJsonTest.json("ProductSuspended", "{}")
            .replaceFirst("\"" + field + "\":\"[^\"]*\",", "");

    assertThat(invalid(text)).hasMessage(field + " is missing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"eventId", "productId", "occurredAt", "actor", "type"})
  void shouldRejectAFieldOfTheEnvelopeThatIsNoString(String field) {
    var text =
        EventJsonTest.json("ProductSuspended", "{}")
            .replaceFirst("\"" + field + "\":\"[^\"]*\"", "\"" + field + "\":7");

    assertThat(invalid(text)).hasMessage(field + " is not a string: 7");
  }

  @ParameterizedTest
  @ValueSource(strings = {"'5'", "1.5", "1e3", "9223372036854775808", "true", "[]"})
  void shouldRejectASequenceThatIsNoWholeNumber(String sequence) {
    var e = invalid(ENVELOPE + ",'type':'ProductSuspended','sequence':" + sequence + "}");

    assertThat(e.getMessage()).startsWith("sequence is not a whole number: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "yesterday",
        "",
        " ",
        "2026-01-05",
        "2026-01-05T09:00:00",
        "2026-02-30T09:00:00Z",
        "1767603600"
      })
  void shouldRejectAnOccurredAtThatIsNoTime(String time) {
    var text = EventJsonTest.json("ProductSuspended", "{}").replace("2026-01-05T09:00:00Z", time);

    var e = invalid(text);

    assertThat(e.getMessage()).startsWith("occurredAt is not a time like 2026-01-05T09:00:00Z: ");
    assertThat(e.column()).isEqualTo("{'eventId':'e1','productId':'p1',".length() + 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"'yesterday'", "''", "1767603600", "1767603600.5"})
  void shouldRejectAnExpiryThatIsNoTime(String time) {
    var data = "{'requestId':'r1','userId':'u1','approvedBy':'u2','expiresAt':" + time + "}";

    var e = invalid(EventJsonTest.json("AccessApproved", data));

    assertThat(e.getMessage())
        .startsWith("AccessApproved: expiresAt is not a time like 2026-01-05T09:00:00Z: ");
    assertThat(e.column()).isGreaterThan(100);
  }

  @Test
  void shouldRejectAMisspeltExpiry() {
    var data = "{'requestId':'r1','userId':'u1','approvedBy':'u2','expires':'2026'}";
    var text = EventJsonTest.json("AccessApproved", data);

    var e = invalid(text);

    assertThat(e.getMessage())
        .isEqualTo(
            "AccessApproved has no field expires; it has: requestId, userId, approvedBy,"
                + " expiresAt, grantedFor, startsAt");
    assertThat(e.column()).isEqualTo(text.indexOf("\"expires\"") + 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "ProductPublished; {'dataSources':[]}; name",
        "ProductPublished; {'name':'n'}; dataSources",
        "ProductPublished; {'name':'n','dataSources':[{'sourceId':'s'}]}; sourceType",
        "ProductPublished; {'name':'n','dataSources':[{'sourceType':'t'}]}; sourceId",
        "DataSourcesReplaced; {}; dataSources",
        "AccessRequested; {'userId':'u'}; requestId",
        "AccessRequested; {'requestId':'r'}; userId",
        "DeterminationMade; {'requestId':'r','approver':'u'}; decision",
        "AccessApproved; {'requestId':'r','userId':'u'}; approvedBy",
        "AccessDenied; null; requestId",
        "AccessRequestCanceled; {}; requestId",
        "AccessRevoked; {'requestId':'r'}; userId",
        "ProductUpdated; {'dataUseAgreements':[{'name':'n'}]}; id",
        "ProductUpdated; {'subjectMatterExpert':{'username':'n'}}; id",
      })
  void shouldRejectDataWithoutARequiredField(String type, String data, String field) {
    assertThat(invalid(EventJsonTest.json(type, data)).getMessage())
        .startsWith(type + ": ")
        .endsWith(field + " is missing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "ProductPublished; {'name':null,'dataSources':[]}",
        "ProductPublished; {'name':'n','dataSources':null}",
        "ProductPublished; {'name':'n','dataSources':[null]}",
        "ProductPublished; {'name':'n','dataSources':[{'sourceId':null,'sourceType':'t'}]}",
        "ProductPublished; {'name':'n','dataSources':[],'domains':[null]}",
        "ProductPublished; {'name':'n','dataSources':[],'dataUseAgreements':[null]}",
        "DataSourcesReplaced; {'dataSources':null}",
        "DataSourcesReplaced; {'dataSources':[null]}",
        "ProductUpdated; {'domains':[null]}",
        "ProductUpdated; {'dataUseAgreements':[null]}",
        "ProductUpdated; {'dataUseAgreements':[{'id':null}]}",
        "ProductUpdated; {'subjectMatterExpert':{'id':null}}",
        "ProductUpdated; {'approvalPolicy':{'stages':[null]}}",
        "ProductUpdated; {'approvalPolicy':{'stages':[{'required':[null]}]}}",
        "ProductUpdated; {'approvalPolicy':{'stages':[{'required':[{'id':null}]}]}}",
        "ProductUpdated; {'approvalPolicy':{'dataAccessAgreements':[null]}}",
        "AccessRequested; {'requestId':null,'userId':'u'}",
        "AccessRequested; {'requestId':'r','userId':'u','answers':{'q':null}}",
        "AccessApproved; {'requestId':'r','userId':null,'approvedBy':'u'}",
        "AccessRevoked; {'userId':null}",
        "DeterminationMade; {'requestId':'r','approver':'u','decision':null}",
      })
  void shouldRejectNullWhereThereMustBeSomething(String type, String data) {
    assertThat(invalid(EventJsonTest.json(type, data)).getMessage())
        .startsWith(type + ": ")
        .contains("null");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "ProductSuspended; []",
        "ProductSuspended; 'text'",
        "ProductSuspended; {'reason':7}",
        "ProductPublished; {'name':'n','dataSources':'s1'}",
        "ProductPublished; {'name':'n','dataSources':['s1']}",
        "AccessRequested; {'requestId':7,'userId':'u'}",
        "AccessRequested; {'requestId':'r','userId':'u','agreementAcknowledged':'true'}",
        "AccessRequested; {'requestId':'r','userId':'u','agreementAcknowledged':1}",
        "AccessRequested; {'requestId':'r','userId':'u','answers':[]}",
        "DeterminationMade; {'requestId':'r','approver':'u','decision':'MAYBE'}",
        "DeterminationMade; {'requestId':'r','approver':'u','decision':''}",
        "DeterminationMade; {'requestId':'r','approver':'u','decision':0}",
      })
  void shouldRejectDataOfAnotherType(String type, String data) {
    assertThat(invalid(EventJsonTest.json(type, data)).getMessage()).startsWith(type + ": ");
  }

  @Test
  void shouldSayWhichElementIsWrong() {
    var data = "{'dataSources':[{'sourceId':'s1','sourceType':'t'},{'sourceId':'s2'}]}";

    assertThat(invalid(EventJsonTest.json("DataSourcesReplaced", data)).getMessage())
        .isEqualTo("DataSourcesReplaced: dataSources[1].sourceType is missing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1970-01-21T10:00:00Z",
        "1999-12-31T23:59:59.999Z",
        "+10000-01-01T00:00:00Z",
        "-0001-01-01T00:00:00Z",
        "+1000000000-12-31T23:59:59Z",
        "-1000000000-01-01T00:00:00Z"
      })
  void shouldRejectATimeThatNoEventHas(String time) {
    var expiry =
        "{'requestId':'r1','userId':'u1','approvedBy':'u2','expiresAt':'%s'}".formatted(time);

    assertThat(
            invalid(
                EventJsonTest.json("ProductSuspended", "{}").replace("2026-01-05T09:00:00Z", time)))
        .hasMessage("occurredAt is \"%s\"; times are from the year 2000 to 9999".formatted(time));
    assertThat(invalid(EventJsonTest.json("AccessApproved", expiry)))
        .hasMessage(
            "AccessApproved: expiresAt is \"%s\"; times are from the year 2000 to 9999"
                .formatted(time));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {
        "ProductSuspended # {'reson':'x'} # ProductSuspended has no field reson; it has: reason",
        "AccessRequested # {'requestId':'r','userId':'u','answers':[]} # AccessRequested: answers"
            + " must be an object of texts, not a list",
        "ProductPublished # {'name':7,'dataSources':[]} # ProductPublished: name must be a text,"
            + " not a number",
        "ProductUpdated # {'domains':{}} # ProductUpdated: domains must be a list of texts, not an"
            + " object",
        "DataSourcesReplaced # {'dataSources':[{'sourceId':'s','type':'t'}]} # DataSourcesReplaced:"
            + " dataSources[0] has no field type; it has: sourceId, sourceType",
        "DeterminationMade # {'requestId':'r','approver':'u','decision':'MAYBE'} #"
            + " DeterminationMade: decision must be APPROVE or DENY, not \"MAYBE\"",
        "ProductSuspended # [] # ProductSuspended: data must be an object, not a list",
      })
  void shouldSayWhatIsWrongAsAPersonWould(String type, String data, String message) {
    assertThat(invalid(EventJsonTest.json(type, data))).hasMessage(message);
  }

  /** Every field of every type, at every depth, with everything that JSON has in its place. */
  @Test
  void shouldSpeakOfNothingThatOnlyTheParsersProgrammersKnow() throws Exception {
    var json = new ObjectMapper();
    var values =
        List.of(
            "null", "7", "7.5", "true", "[]", "{}", "[null]", "[7]", "\"x\"", "[[]]", "{\"x\":7}");
    var messages = new ArrayList<String>();
    for (var full : EventJsonTest.FULL.entrySet()) {
      var text = EventJsonTest.json(full.getKey(), "{" + full.getValue() + "}");
      var paths = new ArrayList<JsonPointer>();
      paths(json.readTree(text), JsonPointer.empty(), paths);
      for (var path : paths) {
        for (var value : values) {
          var tree = json.readTree(text);
          put(tree, path, json.readTree(value));
          said(tree.toString(), messages);
          put(tree, path.head().appendProperty("unknown"), json.readTree(value));
          said(tree.toString(), messages);
        }
      }
      for (int length = 0; length < text.length(); length += 7) {
        said(text.substring(0, length), messages);
        said(text.substring(0, length) + "\u0001" + text.substring(length), messages);
        said(text.substring(0, length) + "}]:" + text.substring(length), messages);
      }
      said(text + text, messages);
      said(text.replace("{", "{\"eventId\":\"x\","), messages);
    }
    said("[".repeat(2000), messages);
    said("{\"a\":" + "9".repeat(2000) + "}", messages);

    assertThat(messages).hasSizeGreaterThan(1000);
    assertThat(messages)
        .allSatisfy(
            message ->
                assertThat(message)
                    .doesNotContain("java.")
                    .doesNotContain("com.fasterxml")
                    .doesNotContain("dev.sluice")
                    .doesNotContain("JsonToken")
                    .doesNotContain("Feature")
                    .doesNotContain("StreamRead")
                    .doesNotContain("START_")
                    .doesNotContain("VALUE_")
                    .doesNotContain("\n")
                    .doesNotContain("`"));
  }

  private static void said(String text, List<String> messages) {
    try {
      EventJson.parse(text);
    } catch (InvalidJsonException e) {
      messages.add(e.getMessage());
    }
  }

  private static void paths(JsonNode node, JsonPointer at, List<JsonPointer> paths) {
    node.properties()
        .forEach(
            field -> {
              var to = at.appendProperty(field.getKey());
              paths.add(to);
              paths(field.getValue(), to, paths);
            });
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      var to = at.appendIndex(i);
      paths.add(to);
      paths(node.get(i), to, paths);
    }
  }

  private static void put(JsonNode tree, JsonPointer path, JsonNode value) {
    var parent = tree.at(path.head());
    if (parent instanceof ObjectNode object) {
      object.set(path.last().getMatchingProperty(), value);
    } else if (parent instanceof ArrayNode array
        && path.last().getMatchingIndex() >= 0
        && path.last().getMatchingIndex() < array.size()) {
      array.set(path.last().getMatchingIndex(), value);
    }
  }

  @Test
  void shouldSayItInOneLine() {
    assertThat(invalid(EventJsonTest.json("AccessDenied", "{'x':1}")).getMessage())
        .doesNotContain("\n");
  }

  /** Why the text is no event; ' stands for ". */
  private static InvalidJsonException invalid(String text) {
    return catchThrowableOfType(
        InvalidJsonException.class, () -> EventJson.parse(text.replace('\'', '"')));
  }
}
