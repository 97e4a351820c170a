package dev.sluice.executor.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.delivery.CommandAction;
import dev.sluice.delivery.ErrorClass;
import dev.sluice.delivery.Result;
import dev.sluice.delivery.ResultOutcome;
import dev.sluice.executor.Place;
import dev.sluice.executor.Trouble;
import dev.sluice.executor.Trouble.Remedy;
import dev.sluice.executor.Trouble.Scope;
import dev.sluice.executor.platform.CaseRule;
import dev.sluice.executor.platform.GrantTarget;
import dev.sluice.executor.platform.LetterCase;
import dev.sluice.executor.platform.NameTemplate;
import dev.sluice.executor.platform.Names;
import dev.sluice.executor.platform.TargetException;
import dev.sluice.executor.platform.TargetSettings;
import dev.sluice.testing.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The executor on a real PostgreSQL, with each of its traps. */
class PostgresTargetIT {
  private static final String ORDERS = "sales.orders";
  private static @Nullable PostgresServer started;

  private final List<GrantTarget> targets = new ArrayList<>();
  private Connection admin = open();

  @BeforeAll
  static void start() throws Exception {
    started = PostgresServer.start();
  }

  @AfterAll
  static void stop() {
    if (started != null) {
      started.close();
    }
  }

  private static PostgresServer server() {
    if (started == null) {
      throw new IllegalStateException("not started");
    }
    return started;
  }

  private static Connection open() {
    try {
      return server().connect();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void makeTablesAndUsers() throws SQLException {
    for (var role : roles()) {
      admin("DROP OWNED BY " + role + " CASCADE", "DROP ROLE " + role);
    }
    admin(
        "CREATE ROLE dwh",
        "CREATE ROLE sluice LOGIN CREATEROLE",
        "GRANT dwh TO sluice",
        "CREATE SCHEMA sales AUTHORIZATION dwh",
        "GRANT USAGE ON SCHEMA sales TO PUBLIC",
        "CREATE TABLE sales.orders (id int, price int)",
        "ALTER TABLE sales.orders OWNER TO dwh",
        "CREATE ROLE ana LOGIN",
        "CREATE ROLE ben LOGIN",
        "CREATE ROLE cem LOGIN");
  }

  private List<String> roles() throws SQLException {
    var roles = new ArrayList<String>();
    try (var statement = admin.createStatement();
        var found =
            statement.executeQuery(
                "SELECT quote_ident(rolname) FROM pg_roles WHERE rolname !~ '^(pg_|postgres$)'")) {
      while (found.next()) {
        roles.add(found.getString(1));
      }
    }
    return roles;
  }

  @AfterEach
  void close() throws SQLException {
    targets.forEach(GrantTarget::close);
    admin.close();
  }

  private void admin(String... statements) throws SQLException {
    for (var sql : statements) {
      try (var statement = admin.createStatement()) {
        statement.execute(sql);
      }
    }
  }

  private boolean reads(String user, String table) throws SQLException {
    try (var query = admin.prepareStatement("SELECT has_table_privilege(?, ?, 'SELECT')")) {
      query.setString(1, user);
      query.setString(2, table);
      try (var found = query.executeQuery()) {
        found.next();
        return found.getBoolean(1);
      }
    }
  }

  private TargetSettings settings(
      boolean byRole, boolean givesUsage, boolean asksEffective, Duration timeout) {
    return new TargetSettings(
        server().url(),
        "sluice",
        null,
        byRole,
        givesUsage,
        asksEffective,
        timeout,
        getClass().getClassLoader(),
        Map.of());
  }

  private GrantTarget target(TargetSettings settings) {
    var target = new JdbcTarget(new PostgresDialect(), settings);
    targets.add(target);
    return target;
  }

  private GrantTarget direct() {
    return target(settings(false, false, true, Duration.ofSeconds(30)));
  }

  private static Names names(boolean byRole) {
    return new Names(
        new Names.Templates(
            NameTemplate.of("{sourceId}", "sourceId", LetterCase.EXACT),
            NameTemplate.of("{userId}", "userId", LetterCase.EXACT),
            byRole ? NameTemplate.of("sluice_{sourceId}", "sourceId", LetterCase.EXACT) : null),
        null,
        CaseRule.EXACT);
  }

  private Delivery delivery() {
    return new Delivery(direct(), names(false));
  }

  private Delivery delivery(TargetSettings settings) {
    return new Delivery(target(settings), names(settings.byRole()));
  }

  private static void assertApplied(List<Result> results, int count) {
    assertThat(results)
        .hasSize(count)
        .allSatisfy(r -> assertThat(r.outcome()).isEqualTo(ResultOutcome.APPLIED));
  }

  private static void assertFailed(List<Result> results, ErrorClass of, String code) {
    assertThat(results)
        .singleElement()
        .satisfies(
            r -> {
              assertThat(r.details().code()).isEqualTo(code);
              assertThat(r.details().errorClass()).isEqualTo(of);
            });
  }

  private static Place place(String user) {
    return new Place("TABLE", List.of("sales", "orders"), null, user);
  }

  @Test
  void shouldGrantAndRevokeAndBeAskedTwice() throws Exception {
    var delivery = delivery();

    assertApplied(delivery.grant(ORDERS, "ana", "ben"), 2);
    assertThat(reads("ana", ORDERS)).isTrue();
    assertApplied(delivery.grant(ORDERS, "ana"), 1);
    assertApplied(delivery.revoke(ORDERS, "ana"), 1);
    assertApplied(delivery.revoke(ORDERS, "ana"), 1);
    assertThat(reads("ana", ORDERS)).isFalse();
    assertThat(reads("ben", ORDERS)).isTrue();
    assertThat(direct().list(place("any"))).containsExactly("ben");
  }

  @Test
  void shouldGrantManyUsersOfOneTableFromManyThreads() throws Exception {
    var users = IntStream.range(0, 80).mapToObj(i -> "many" + i).toList();
    for (var user : users) {
      admin("CREATE ROLE " + user);
    }
    try (var threads = Executors.newFixedThreadPool(4)) {
      var jobs =
          IntStream.range(0, 4)
              .<Callable<Integer>>mapToObj(
                  thread ->
                      () -> {
                        try (var target =
                            new JdbcTarget(
                                new PostgresDialect(),
                                settings(false, false, true, Duration.ofSeconds(30)))) {
                          for (int i = thread; i < users.size(); i += 4) {
                            target.apply(CommandAction.GRANT, List.of(place(users.get(i))));
                          }
                          return thread;
                        }
                      })
              .toList();
      for (var job : threads.invokeAll(jobs)) {
        job.get();
      }
    }

    assertThat(direct().list(place("any"))).containsExactlyInAnyOrderElementsOf(users);
  }

  /** Somebody's own GRANT on the table, in a transaction that ends later. */
  @Test
  void shouldTryAgainAfterAGrantOfSomebodyElseAtTheSameTime() throws Exception {
    var delivery = delivery();
    admin.setAutoCommit(false);
    admin("GRANT SELECT ON sales.orders TO cem");
    List<Result> results;
    try (var thread = Executors.newSingleThreadExecutor()) {
      var granting = thread.submit(() -> delivery.grant(ORDERS, "ana"));
      awaitBlocked();
      admin.commit();
      admin.setAutoCommit(true);
      results = granting.get();
    }

    assertFailed(results, ErrorClass.RETRYING, "XX000");
    assertApplied(delivery.later(), 1);
    assertThat(reads("ana", ORDERS)).isTrue();
    assertThat(reads("cem", ORDERS)).isTrue();
  }

  private static void awaitBlocked() throws SQLException {
    try (var watcher = server().connect();
        var query =
            watcher.prepareStatement(
                "SELECT count(*) FROM pg_stat_activity WHERE usename = 'sluice' AND"
                    + " wait_event_type = 'Lock'")) {
      Awaitility.await("a statement that waits for a lock")
          .atMost(Duration.ofMinutes(1))
          .until(
              () -> {
                try (var found = query.executeQuery()) {
                  found.next();
                  return found.getInt(1) == 1;
                }
              });
    }
  }

  /** PostgreSQL would cut it, and grant to another user. */
  @Test
  void shouldRefuseANameThatPostgresWouldCut() throws Exception {
    var other = "u".repeat(63);
    admin("CREATE ROLE " + other);

    assertFailed(delivery().grant(ORDERS, other + "x"), ErrorClass.PERMANENT, "NAME_NOT_POSSIBLE");
    assertThat(reads(other, ORDERS)).isFalse();
    assertApplied(delivery().grant(ORDERS, other), 1);
    assertThat(direct().problem(place("ü".repeat(32)))).isNotNull();
    assertThat(direct().problem(place("ü".repeat(31)))).isNull();
  }

  /** In quotes too, public is everybody. */
  @Test
  void shouldNotGrantToEverybody() throws Exception {
    var delivery = delivery();

    assertFailed(delivery.grant(ORDERS, "public"), ErrorClass.PERMANENT, "NAME_NOT_POSSIBLE");
    assertFailed(delivery.grant(ORDERS, "Public"), ErrorClass.PERMANENT, "NAME_NOT_POSSIBLE");
    assertFailed(delivery.grant(ORDERS, "pg_monitor"), ErrorClass.PERMANENT, "NAME_NOT_POSSIBLE");
    assertThat(reads("ana", ORDERS)).isFalse();
    admin("GRANT SELECT ON sales.orders TO \"public\"");
    assertThat(reads("ana", ORDERS)).as("what the refusal prevents").isTrue();
  }

  @Test
  void shouldFindTheOneUserOfABatchWhoDoesNotExist() throws Exception {
    var delivery = delivery();

    var results = delivery.grant(ORDERS, "ana", "ben", "nobody", "cem");

    assertApplied(results.stream().filter(r -> !r.userId().equals("nobody")).toList(), 3);
    assertFailed(
        results.stream().filter(r -> r.userId().equals("nobody")).toList(),
        ErrorClass.RETRYING,
        "42704");
    assertThat(reads("cem", ORDERS)).isTrue();
    admin("CREATE ROLE nobody");
    assertApplied(delivery.later(), 1);
    assertThat(reads("nobody", ORDERS)).isTrue();
  }

  @Test
  void shouldTakeTheRevokeOfADroppedUserForDone() throws Exception {
    var delivery = delivery();
    delivery.grant(ORDERS, "ana", "ben");
    admin("DROP OWNED BY ana", "DROP ROLE ana");

    assertApplied(delivery.revoke(ORDERS, "ana", "ben"), 2);
    assertThat(reads("ben", ORDERS)).isFalse();
  }

  @Test
  void shouldAskForAPersonWhenTheTableOrSchemaDoesNotExist() throws Exception {
    var delivery = delivery();

    assertFailed(delivery.grant("sales.later", "ana"), ErrorClass.NEEDS_PERSON, "42P01");
    assertFailed(delivery.grant("nowhere.later", "ana"), ErrorClass.NEEDS_PERSON, "3F000");
    assertFailed(delivery.grant("orders", "ana"), ErrorClass.PERMANENT, "NAME_NOT_POSSIBLE");
    admin("CREATE TABLE sales.later (id int)", "ALTER TABLE sales.later OWNER TO dwh");
    assertThat(delivery.later().stream().filter(r -> r.outcome() == ResultOutcome.APPLIED))
        .singleElement()
        .satisfies(r -> assertThat(r.source().sourceId()).isEqualTo("sales.later"));
  }

  /** A table that is made anew has no grants. */
  @Test
  void shouldConfirmTheRevokeOnATableThatWasDroppedOrRecreated() throws Exception {
    var delivery = delivery();
    delivery.grant(ORDERS, "ana", "ben");
    admin("DROP TABLE sales.orders");
    assertApplied(delivery.revoke(ORDERS, "ana"), 1);
    admin("CREATE TABLE sales.orders (id int)", "ALTER TABLE sales.orders OWNER TO dwh");

    assertApplied(delivery.revoke(ORDERS, "ben"), 1);
    assertApplied(delivery.grant(ORDERS, "ana"), 1);
    assertThat(reads("ana", ORDERS)).isTrue();
  }

  @Test
  void shouldAskForAPersonWithoutTheRight() throws Exception {
    admin("CREATE TABLE sales.others (id int)");

    assertFailed(delivery().grant("sales.others", "ana"), ErrorClass.NEEDS_PERSON, "42501");
  }

  /** The statement succeeds, and does nothing. */
  @Test
  void shouldTakeAWarningThatNothingHappenedForAFailure() throws Exception {
    admin("CREATE TABLE sales.others (id int)", "GRANT SELECT ON sales.others TO sluice");

    assertFailed(delivery().grant("sales.others", "ana"), ErrorClass.NEEDS_PERSON, "01007");
    assertThat(reads("ana", "sales.others")).isFalse();
  }

  @Test
  void shouldTellApartNamesThatDifferInCaseOrHaveQuotes() throws Exception {
    var odd = "Ana \"the\" O'Hara; DROP TABLE sales.orders --";
    admin(
        "CREATE ROLE \"Ana\"",
        "CREATE ROLE \"" + odd.replace("\"", "\"\"") + "\"",
        "CREATE TABLE sales.\"Big \"\"Orders\"\"\" (id int)",
        "ALTER TABLE sales.\"Big \"\"Orders\"\"\" OWNER TO dwh");
    var delivery = delivery();

    assertApplied(delivery.grant("sales.Big \"Orders\"", "Ana", odd), 2);
    assertThat(reads("Ana", "sales.\"Big \"\"Orders\"\"\"")).isTrue();
    assertThat(reads(odd, "sales.\"Big \"\"Orders\"\"\"")).isTrue();
    assertThat(reads("ana", "sales.\"Big \"\"Orders\"\"\"")).isFalse();
    assertApplied(delivery.revoke("sales.Big \"Orders\"", odd), 1);
    assertThat(reads(odd, "sales.\"Big \"\"Orders\"\"\"")).isFalse();
  }

  @Test
  void shouldGiveUpAStatementThatTakesTooLong() throws Exception {
    var delivery = delivery(settings(false, false, true, Duration.ofSeconds(1)));
    admin.setAutoCommit(false);
    admin("GRANT SELECT ON sales.orders TO cem");

    assertFailed(delivery.grant(ORDERS, "ana"), ErrorClass.RETRYING, "57014");
    admin.rollback();
    admin.setAutoCommit(true);
    assertApplied(delivery.later(), 1);
  }

  @Test
  void shouldGoOnWhenTheConnectionIsLostInTheMiddleOfABatch() throws Exception {
    var delivery = delivery();
    admin.setAutoCommit(false);
    admin("GRANT SELECT ON sales.orders TO cem");
    try (var thread = Executors.newSingleThreadExecutor();
        var other = server().connect();
        var statement = other.createStatement()) {
      var granting = thread.submit(() -> delivery.grant(ORDERS, "ana", "ben"));
      awaitBlocked();
      statement.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'sluice'");
      assertThat(granting.get()).as("no pair is blamed").isEmpty();
    }
    admin.rollback();
    admin.setAutoCommit(true);

    assertThat(delivery.work().circuit().last()).isNotNull();
    assertApplied(delivery.later(), 2);
    assertThat(reads("ana", ORDERS)).isTrue();
  }

  @Test
  void shouldBlameThePlatformWhenItCannotBeReached() {
    var target =
        target(
            new TargetSettings(
                server().url(),
                "nobody-with-this-name",
                null,
                false,
                false,
                true,
                Duration.ofSeconds(5),
                getClass().getClassLoader(),
                Map.of()));

    assertThatThrownBy(() -> target.apply(CommandAction.GRANT, List.of(place("ana"))))
        .isInstanceOfSatisfying(
            TargetException.class,
            e ->
                assertThat(e.trouble())
                    .extracting(Trouble::scope, Trouble::remedy)
                    .containsExactly(Scope.PLATFORM, Remedy.PERSON));
  }

  @Test
  void shouldLeaveAndReportTheGrantOfAnotherGrantor() throws Exception {
    var delivery = delivery();
    delivery.grant(ORDERS, "ana");
    admin(
        "GRANT SELECT ON sales.orders TO ben WITH GRANT OPTION",
        "SET ROLE ben",
        "GRANT SELECT ON sales.orders TO ana",
        "RESET ROLE");

    var results = delivery.revoke(ORDERS, "ana");

    assertFailed(results, ErrorClass.NEEDS_PERSON, "STILL_ACCESS");
    assertThat(results.getFirst().details().message()).endsWith("by a grant of ben");
    assertThat(reads("ana", ORDERS)).isTrue();
    admin("SET ROLE ben", "REVOKE SELECT ON sales.orders FROM ana", "RESET ROLE");
    assertApplied(delivery.later(), 1);
  }

  @Test
  void shouldConfirmItsOwnRevokeAloneIfToldSo() throws Exception {
    admin("GRANT SELECT ON sales.orders TO PUBLIC");
    var strict = delivery();
    strict.grant(ORDERS, "ana");
    var own = delivery(settings(false, false, false, Duration.ofSeconds(30)));
    own.grant(ORDERS, "ben");

    var results = strict.revoke(ORDERS, "ana");
    assertFailed(results, ErrorClass.NEEDS_PERSON, "STILL_ACCESS");
    assertThat(results.getFirst().details().message()).contains("PUBLIC");
    assertApplied(own.revoke(ORDERS, "ben"), 1);
  }

  @Test
  void shouldNotTakeAGrantThatWasThereBefore() throws Exception {
    admin("GRANT SELECT ON sales.orders TO ana");
    var delivery = delivery();

    assertApplied(delivery.grant(ORDERS, "ana"), 1);
    assertFailed(delivery.revoke(ORDERS, "ana"), ErrorClass.NEEDS_PERSON, "NOT_GRANTED_BY_SLUICE");
    assertThat(reads("ana", ORDERS)).isTrue();
    assertFailed(
        delivery.revoke("sales.orders", "ana"), ErrorClass.NEEDS_PERSON, "NOT_GRANTED_BY_SLUICE");
  }

  @Test
  void shouldReportOrGiveTheRightToUseTheSchema() throws Exception {
    admin("REVOKE USAGE ON SCHEMA sales FROM PUBLIC");

    var results = delivery().grant(ORDERS, "ana");
    assertFailed(results, ErrorClass.NEEDS_PERSON, "NOT_EFFECTIVE");
    assertThat(results.getFirst().details().message()).contains("USAGE");
    assertApplied(
        delivery(settings(false, true, true, Duration.ofSeconds(30))).grant(ORDERS, "ben"), 1);
  }

  /** A table's rights are one row of the catalog, and that must fit into a page. */
  @Test
  void shouldGrantToMoreUsersByARoleThanATableHasRoomFor() throws Exception {
    admin("DO $$ BEGIN FOR i IN 1..3000 LOOP EXECUTE 'CREATE ROLE m' || i; END LOOP; END $$");
    var users = IntStream.rangeClosed(1, 3_000).mapToObj(i -> "m" + i).toArray(String[]::new);

    var direct = delivery().grant(ORDERS, users);
    assertThat(direct).hasSize(3_000);
    assertThat(direct.stream().filter(r -> "54000".equals(r.details().code())))
        .isNotEmpty()
        .allSatisfy(r -> assertThat(r.details().errorClass()).isEqualTo(ErrorClass.NEEDS_PERSON));
    var byRole = delivery(settings(true, false, true, Duration.ofSeconds(30)));
    assertApplied(byRole.grant(ORDERS, users), 3_000);
  }

  @Test
  void shouldGiveAccessByARoleOfTheSource() throws Exception {
    var target = target(settings(true, false, true, Duration.ofSeconds(30)));
    var delivery = new Delivery(target, names(true));

    assertApplied(delivery.grant(ORDERS, "ana", "ben"), 2);
    assertThat(reads("ana", ORDERS)).isTrue();
    assertThat(
            target.list(new Place("TABLE", List.of("sales", "orders"), "sluice_sales.orders", "")))
        .containsExactly("ana", "ben");
    assertApplied(delivery.grant(ORDERS, "ana"), 1);
    assertApplied(delivery.revoke(ORDERS, "ana"), 1);
    assertApplied(delivery.revoke(ORDERS, "ana"), 1);
    assertThat(reads("ana", ORDERS)).isFalse();
    assertThat(reads("ben", ORDERS)).isTrue();
    // The role itself loses its right with the table.
    admin("DROP TABLE sales.orders", "CREATE TABLE sales.orders (id int)");
    admin("ALTER TABLE sales.orders OWNER TO dwh");
    assertApplied(delivery.grant(ORDERS, "cem"), 1);
    assertThat(reads("ben", ORDERS)).isTrue();
  }

  @Test
  void shouldNotUseARoleThatSomebodyElseMade() throws Exception {
    admin("CREATE ROLE \"sluice_sales.orders\" CREATEDB");
    var delivery = delivery(settings(true, false, true, Duration.ofSeconds(30)));

    assertFailed(delivery.grant(ORDERS, "ana"), ErrorClass.NEEDS_PERSON, "REFUSED");
    assertThat(reads("ana", ORDERS)).isFalse();
    admin(
        "ALTER ROLE \"sluice_sales.orders\" NOCREATEDB",
        "COMMENT ON ROLE \"sluice_sales.orders\" IS 'Sluice'");
    assertApplied(delivery.later(), 1);
  }

  @Test
  void shouldReportAUserWhoInheritsNothingFromRoles() throws Exception {
    admin("ALTER ROLE ana NOINHERIT");
    var delivery = delivery(settings(true, false, true, Duration.ofSeconds(30)));

    var results = delivery.grant(ORDERS, "ana");
    assertFailed(results, ErrorClass.NEEDS_PERSON, "NOT_EFFECTIVE");
    assertThat(results.getFirst().details().message()).contains("inherit");
  }

  @Test
  void shouldReportASuperuserWhoReadsEverything() throws Exception {
    admin("ALTER ROLE ana SUPERUSER");
    var delivery = delivery();
    delivery.grant(ORDERS, "ana");

    var results = delivery.revoke(ORDERS, "ana");
    assertFailed(results, ErrorClass.NEEDS_PERSON, "STILL_ACCESS");
    assertThat(results.getFirst().details().message()).contains("superuser");
  }

  @Test
  void shouldReportAccessByAnotherRole() throws Exception {
    var delivery = delivery();
    delivery.grant(ORDERS, "ana");
    admin(
        "CREATE ROLE analysts",
        "GRANT SELECT ON sales.orders TO analysts",
        "GRANT analysts TO ana");

    assertThat(delivery.revoke(ORDERS, "ana").getFirst().details().message())
        .endsWith("as a member of analysts");
  }

  @Test
  void shouldFailAListOfATableThatIsNotThere() throws ExecutionException {
    assertThatThrownBy(
            () -> direct().list(new Place("TABLE", List.of("sales", "none"), null, "any")))
        .isInstanceOf(TargetException.class);
  }
}
