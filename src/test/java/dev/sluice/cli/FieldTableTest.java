package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class FieldTableTest {

  private static JsonNode json(String text) throws Exception {
    return new ObjectMapper().readTree(text.replace('\'', '"'));
  }

  @Test
  void shouldAlignColumnsAndLeaveMissingFieldsEmpty() throws Exception {
    var one = json("{'userId':'ana','waits':{'for':['boss','ben']},'ok':true}");
    var two = json("{'userId':'benedict','ok':false}");

    assertThat(FieldTable.of(List.of(one, two), List.of("userId", "waits.for", "ok")))
        .isEqualTo(
            """
            userId    for        ok
            ana       boss, ben  true
            benedict             false
            """);
  }

  @Test
  void shouldShowOneThingWithItsFieldsBelowEachOther() throws Exception {
    var item = json("{'id':'p\\u001b[31m','counts':{'A':2,'B':0},'none':null,'list':[]}");

    assertThat(FieldTable.below(item, List.of("id", "counts", "none", "list")))
        .isEqualTo(
            """
            id      p\\u001b[31m
            counts  A 2
            """);
  }

  @Test
  void shouldCountTheEntriesThatAreNotShown() throws Exception {
    var item =
        json(
            "{'productIds':['p1','p2'],'productCount':5,'givenByCount':1,"
                + "'givenBy':[{'productId':'p1','requests':[{'requestId':'r1'}],'requestCount':9}]}");

    assertThat(FieldTable.below(item, List.of("productIds", "givenBy")))
        .isEqualTo(
            """
            productIds  p1, p2 and 3 more
            givenBy     productId p1 requests requestId r1 and 8 more
            """);
  }

  @Test
  void shouldSendAnIdWithASlashInTheQuery() {
    assertThat(ApiOptions.under("/v1/products/", "a b", "members"))
        .isEqualTo("/v1/products/a%20b/members");
    assertThat(ApiOptions.under("/v1/products/", "a/b", "members"))
        .isEqualTo("/v1/products/~/members?id=a%2Fb");
    assertThat(ApiOptions.id("..")).isEqualTo("~?id=..");
  }
}
