package dev.sluice.dev.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.avro.AccessAction;
import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.CommandReason;
import dev.sluice.avro.ProductState;
import dev.sluice.avro.ProductStats;
import dev.sluice.avro.ProductStatus;
import dev.sluice.avro.RequestState;
import dev.sluice.avro.RequestStatus;
import dev.sluice.avro.StatusDataSource;
import dev.sluice.dev.demo.AccessTable.Pair;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AccessTableTest {
  private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");

  private final AccessTable table = new AccessTable();

  @Test
  void shouldGiveTheSourcesOfAnActiveProductToWhoIsApproved() {
    table.add(product("p1", ProductState.ACTIVE, "s1", "s2"));
    table.add(request("p1", "r1", "ana", RequestState.APPROVED));

    assertThat(table.access())
        .isEqualTo(
            Map.of(
                pair("ana", "s1"), List.of("p1 (request r1)"),
                pair("ana", "s2"), List.of("p1 (request r1)")));
  }

  @Test
  void shouldNameEveryProductAndRequestThatGivesAccess() {
    table.add(product("p1", ProductState.ACTIVE, "s1"));
    table.add(product("p2", ProductState.ACTIVE, "s1"));
    table.add(request("p2", "r3", "ana", RequestState.APPROVED));
    table.add(request("p1", "r2", "ana", RequestState.APPROVED));
    table.add(request("p1", "r1", "ana", RequestState.APPROVED));

    assertThat(table.access().get(pair("ana", "s1")))
        .containsExactly("p1 (request r1)", "p1 (request r2)", "p2 (request r3)");
  }

  @Test
  void shouldSortByUserAndThenBySource() {
    table.add(product("p1", ProductState.ACTIVE, "s2", "s1"));
    table.add(request("p1", "r1", "bob", RequestState.APPROVED));
    table.add(request("p1", "r2", "ana", RequestState.APPROVED));

    assertThat(table.access().keySet())
        .containsExactly(
            pair("ana", "s1"), pair("ana", "s2"), pair("bob", "s1"), pair("bob", "s2"));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "APPROVED")
  void shouldGiveNothingForARequestThatIsNotApproved(RequestState state) {
    table.add(product("p1", ProductState.ACTIVE, "s1"));
    table.add(request("p1", "r1", "ana", state));

    assertThat(table.access()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ACTIVE")
  void shouldGiveNothingThroughAProductThatIsNotActive(ProductState state) {
    table.add(product("p1", state, "s1"));
    table.add(request("p1", "r1", "ana", RequestState.APPROVED));

    assertThat(table.access()).isEmpty();
  }

  @Test
  void shouldGiveNothingThroughAnUnknownProduct() {
    table.add(request("p1", "r1", "ana", RequestState.APPROVED));

    assertThat(table.access()).isEmpty();
  }

  @Test
  void shouldGoByTheNewestStatus() {
    table.add(product("p1", ProductState.ACTIVE, "s1"));
    table.add(request("p1", "r1", "ana", RequestState.APPROVED));

    table.add(product("p1", ProductState.ACTIVE, "s2"));

    assertThat(table.access().keySet()).containsExactly(pair("ana", "s2"));
  }

  @Test
  void shouldKeepRequestsOfTwoProductsApart() {
    table.add(request("p1", "r1", "ana", RequestState.APPROVED));
    table.add(request("p2", "r1", "bob", RequestState.APPROVED));

    assertThat(table.requests()).hasSize(2);
  }

  @Test
  void shouldAgreeWhenTheLastCommandsSayWhatTheStatusesSay() {
    table.add(product("p1", ProductState.ACTIVE, "s1"));
    table.add(request("p1", "r1", "ana", RequestState.APPROVED));
    table.add(command(AccessAction.GRANT, "ana", "s1"));
    table.add(command(AccessAction.GRANT, "bob", "s1"));
    table.add(command(AccessAction.REVOKE, "bob", "s1"));

    assertThat(table.disagreements()).isEmpty();
  }

  @Test
  void shouldTellOfAGrantThatNothingStandsBehind() {
    table.add(command(AccessAction.GRANT, "ana", "s1"));

    assertThat(table.disagreements())
        .containsExactly("the last command for ana and s1 (Snowflake) is GRANT");
  }

  @Test
  void shouldTellOfARevokeOfAccessThatHolds() {
    table.add(product("p1", ProductState.ACTIVE, "s1"));
    table.add(request("p1", "r1", "ana", RequestState.APPROVED));
    table.add(command(AccessAction.REVOKE, "ana", "s1"));

    assertThat(table.disagreements())
        .containsExactly("the last command for ana and s1 (Snowflake) is REVOKE");
  }

  @Test
  void shouldTellOfAccessThatWasNeverGranted() {
    table.add(product("p1", ProductState.ACTIVE, "s1"));
    table.add(request("p1", "r1", "ana", RequestState.APPROVED));

    assertThat(table.disagreements()).containsExactly("ana was never granted s1 (Snowflake)");
  }

  private static ProductStatus product(String id, ProductState state, String... sources) {
    return ProductStatus.newBuilder()
        .setProductId(id)
        .setState(state)
        .setRevision(1)
        .setDataSources(Stream.of(sources).map(s -> new StatusDataSource(s, "Snowflake")).toList())
        .setStats(ProductStats.newBuilder().build())
        .setCauseEventId("e1")
        .setUpdatedAt(NOON)
        .build();
  }

  private static RequestStatus request(
      String productId, String requestId, String userId, RequestState state) {
    return RequestStatus.newBuilder()
        .setRequestId(requestId)
        .setProductId(productId)
        .setUserId(userId)
        .setState(state)
        .setRequestedAt(NOON)
        .setCauseEventId("e1")
        .setUpdatedAt(NOON)
        .build();
  }

  private static Pair pair(String userId, String sourceId) {
    return new Pair(userId, sourceId, "Snowflake");
  }

  private static AccessCommand command(AccessAction action, String userId, String sourceId) {
    return new AccessCommand(
        action, userId, sourceId, "Snowflake", "p1", CommandReason.OTHER, "e1", 1L, NOON, 0);
  }
}
