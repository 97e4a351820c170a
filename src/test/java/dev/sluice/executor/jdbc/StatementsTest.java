package dev.sluice.executor.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.delivery.CommandAction;
import dev.sluice.executor.Place;
import dev.sluice.executor.platform.GrantTargetProvider;
import dev.sluice.executor.platform.Statement;
import dev.sluice.executor.platform.TargetSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Holds every statement on every platform against a file. */
class StatementsTest {
  private static final Path GOLDEN = Path.of("src/test/resources/executor/statements.txt");
  private static final List<String> ROLES = List.of("postgresql", "h2", "snowflake", "redshift");

  private static TargetSettings settings(boolean byRole, boolean givesUsage) {
    return new TargetSettings(
        "",
        null,
        null,
        byRole,
        givesUsage,
        true,
        Duration.ofSeconds(30),
        StatementsTest.class.getClassLoader(),
        Map.of());
  }

  private static List<Place> places(String platform, @Nullable String role) {
    var path =
        switch (platform) {
          case "snowflake", "databricks", "bigquery", "trino" -> List.of("dwh", "sales", "orders");
          default -> List.of("sales", "orders");
        };
    return List.of(
        new Place("TABLE", path, role, "ana@example.com"),
        new Place("TABLE", path, role, platform.equals("bigquery") ? "b@x.org" : "o'\"`]x"));
  }

  @Test
  void shouldBeThoseOfTheFile() throws IOException {
    var lines = new StringBuilder();
    for (var provider : JdbcPlatforms.all()) {
      add(lines, provider, false);
      if (ROLES.contains(provider.platform())) {
        add(lines, provider, true);
      }
    }
    if (Boolean.getBoolean("sluice.golden.write")) {
      Files.createDirectories(GOLDEN.getParent());
      Files.writeString(GOLDEN, lines);
    }

    assertThat(lines).hasToString(Files.readString(GOLDEN));
  }

  private static void add(StringBuilder lines, GrantTargetProvider provider, boolean byRole) {
    var platform = provider.platform();
    lines.append("# %s, by %s%n".formatted(platform, byRole ? "role" : "user"));
    try (var target = provider.open(settings(byRole, true))) {
      var places = places(platform, byRole ? "sluice_orders" : null);
      places.forEach(place -> assertThat(target.problem(place)).isNull());
      for (var action : CommandAction.values()) {
        target.statements(action, places).forEach(statement -> add(lines, statement));
      }
    }
    lines.append('\n');
  }

  private static void add(StringBuilder lines, Statement statement) {
    if (statement.unless() != null) {
      lines.append("unless ").append(statement.unless()).append('\n');
    }
    if (statement.refusal() != null) {
      lines.append("refused if ").append(statement.refusal()).append('\n');
    }
    lines.append(statement.sql()).append('\n');
  }

  @Test
  void shouldRefuseNamesThatStandForEverybodyOrMoreThanOneUser() {
    for (var provider : JdbcPlatforms.all()) {
      try (var target = provider.open(settings(false, false))) {
        var path = places(provider.platform(), null).getFirst().path();
        for (var user : List.of("PUBLIC", "", "a\u0000b", "x\ud800", "n".repeat(2_000))) {
          assertThat(target.problem(new Place("TABLE", path, null, user)))
              .as("%s %s", provider.platform(), user)
              .isNotNull();
        }
        assertThat(target.problem(new Place("TABLE", List.of("a"), null, "ana@example.com")))
            .isNotNull();
      }
    }
  }

  @Test
  void shouldNotAcceptRolesWhereThePlatformHasNone() {
    for (var provider : JdbcPlatforms.all()) {
      if (!ROLES.contains(provider.platform())) {
        org.assertj.core.api.Assertions.assertThatThrownBy(
                () -> provider.open(settings(true, false)))
            .hasMessageContaining("executor.grant.by");
      }
    }
  }
}
