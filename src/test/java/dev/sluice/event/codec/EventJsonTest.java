package dev.sluice.event.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.event.Agreement;
import dev.sluice.event.Expert;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import dev.sluice.event.codec.EventJson.InvalidJsonException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** JSON that is an event; {@link InvalidEventJsonTest} has what is none. */
class EventJsonTest {

  /** By type, {@code data} that gives everything. */
  static final Map<String, String> FULL = full();

  private static Map<String, String> full() {
    var policy =
        "{'policyVersion':'2','dataAccessAgreements':['dua'],'reason':'sensitive','stages':["
            + "{'name':'owners','required':[{'type':'USER','id':'u1','displayName':'Una'},{'id':'u3'}],"
            + "'approvalsNeeded':2},{'required':[{'id':'u2'}]}],"
            + "'pendingFor':'P14D','maxDuration':'P90D'}";
    var details =
        "'name':'Sales','description':'All of it','domains':['d1','d2'],'approvalPolicy':"
            + policy
            + ",'dataUseAgreements':[{'id':'dua','name':'Terms'},'nda'],"
            + "'subjectMatterExpert':{'id':'u9','username':'Eve'}";
    var sources =
        "'dataSources':[{'sourceId':'s1','sourceType':'Snowflake'},"
            + "{'sourceId':'s2','sourceType':'Databricks'}]";
    var expiry = "'expiresAt':'2026-06-30T22:00:00.123Z'";
    var start = "'startsAt':'2026-06-01T00:00:00Z',";
    var data = new TreeMap<String, String>();
    data.put("ProductPublished", details + "," + sources);
    data.put("ProductUpdated", details);
    data.put("DataSourcesReplaced", sources);
    data.put("ProductSuspended", "'reason':'audit'");
    data.put("ProductResumed", "'reason':'audited'");
    data.put("ProductDeleted", "'reason':'retired'");
    data.put(
        "AccessRequested",
        "'requestId':'r1','userId':'ana','agreementAcknowledged':true,"
            + "'answers':{'why':'work','how long':'ever'}");
    data.put(
        "DeterminationMade",
        "'requestId':'r1','approver':'boss','decision':'DENY','reason':'no','grantedFor':'P30D',"
            + start
            + expiry);
    data.put(
        "AccessApproved",
        "'requestId':'r1','userId':'ana','approvedBy':'boss','grantedFor':'PT12H',"
            + start
            + expiry);
    data.put("AccessDenied", "'requestId':'r1','reason':'no'");
    data.put("AccessRequestCanceled", "'requestId':'r1','reason':'changed'");
    data.put("AccessRevoked", "'requestId':'r1','userId':'ana','reason':'left'");
    data.put(
        "ApproversReplaced",
        "'requestId':'r1','stage':'2','approvers':[{'id':'u4','displayName':'Uwe'}],"
            + "'reason':'moved'");
    return data;
  }

  @Test
  void shouldKnowEveryType() {
    assertThat(EventJson.TYPES.keySet()).isEqualTo(FULL.keySet());
    assertThat(EventJson.TYPES.values())
        .containsExactlyInAnyOrderElementsOf(Payloads.full().map(Payload::getClass).toList());
  }

  @Test
  void shouldReadEveryTypeWithAllThatCanBeGiven() throws InvalidJsonException {
    for (var payload : Payloads.full().toList()) {
      var type = payload.getClass().getSimpleName();
      var data = FULL.getOrDefault(type, "");
      assertThat(EventJson.parse(json(type, "{" + data + "}")).payload())
          .as(type)
          .isEqualTo(payload);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "ProductPublished; {'name':'Sales','dataSources':[]}",
        "ProductUpdated; {}",
        "DataSourcesReplaced; {'dataSources':[]}",
        "ProductSuspended; {}",
        "ProductResumed; null",
        "ProductDeleted; {'reason':null}",
        "AccessRequested; {'requestId':'r1','userId':'ana'}",
        "DeterminationMade; {'requestId':'r1','approver':'boss','decision':'APPROVE'}",
        "AccessApproved; {'requestId':'r1','userId':'ana','approvedBy':'boss','expiresAt':null}",
        "AccessDenied; {'requestId':'r1'}",
        "AccessRequestCanceled; {'requestId':'r1'}",
        "AccessRevoked; {'userId':'ana','requestId':null}",
      })
  void shouldReadEveryTypeWithAsLittleAsCanBeGiven(String type, String data)
      throws InvalidJsonException {
    assertThat(EventJson.parse(json(type, data)).payload())
        .isEqualTo(
            Payloads.bare()
                .filter(p -> p.getClass().getSimpleName().equals(type))
                .findFirst()
                .orElseThrow());
  }

  @Test
  void shouldReadTheEnvelope() throws InvalidJsonException {
    var text =
        "{\"eventId\":\"e1\",\"productId\":\"p1\",\"sequence\":9223372036854775807,"
            + "\"occurredAt\":\"2026-01-05T09:00:00Z\",\"actor\":\"u0\","
            + "\"type\":\"ProductSuspended\"}";

    assertThat(EventJson.parse(text))
        .isEqualTo(
            new ProductEvent(
                "e1",
                "p1",
                Long.MAX_VALUE,
                Instant.parse("2026-01-05T09:00:00Z"),
                "u0",
                new Payload.ProductSuspended(null)));
  }

  @Test
  void shouldReadAMissingSequenceAsNone() throws InvalidJsonException {
    assertThat(EventJson.parse(json("ProductSuspended", "{}")).sequence()).isNull();
  }

  @Test
  void shouldReadTimesWithAnOffset() throws InvalidJsonException {
    var text = json("ProductSuspended", "{}").replace("09:00:00Z", "09:00:00+02:00");

    assertThat(EventJson.parse(text).occurredAt()).isEqualTo(Instant.parse("2026-01-05T07:00:00Z"));
  }

  @Test
  void shouldReadAgreementsAndAnExpertOfWhichOnlyTheIdIsGiven() throws InvalidJsonException {
    var data = "{'dataUseAgreements':['dua'],'subjectMatterExpert':'eve'}";

    assertThat(EventJson.parse(json("ProductUpdated", data)).payload())
        .isEqualTo(
            new Payload.ProductUpdated(
                null,
                null,
                null,
                null,
                List.of(new Agreement("dua", null)),
                new Expert("eve", null)));
  }

  @Test
  void shouldLeaveIdsToTheDecider() throws InvalidJsonException {
    assertThat(EventJson.parse(json("ProductSuspended", "{}").replace("p1", "a|b")).productId())
        .isEqualTo("a|b");
  }

  /** An event with that data; ' stands for ". */
  static String json(String type, String data) {
    return ("{'eventId':'e1','productId':'p1','occurredAt':'2026-01-05T09:00:00Z','actor':'u0',"
            + "'type':'"
            + type
            + "','data':"
            + data
            + "}")
        .replace('\'', '"');
  }
}
