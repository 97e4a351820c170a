package dev.sluice.executor.jdbc;

import dev.sluice.executor.platform.GrantTarget;
import dev.sluice.executor.platform.GrantTargetProvider;
import dev.sluice.executor.platform.TargetSettings;
import java.util.List;
import java.util.function.Function;

/** The platforms that Sluice reaches over JDBC by itself. */
public final class JdbcPlatforms {
  private static final String REGION = "region";
  private static final List<Provider> ALL =
      List.of(
          new Provider(PostgresDialect.NAME, settings -> new PostgresDialect()),
          new Provider(H2Dialect.NAME, settings -> new H2Dialect()),
          new Provider(MariaDbDialect.NAME, settings -> new MariaDbDialect()),
          new Provider(SnowflakeDialect.NAME, settings -> new SnowflakeDialect()),
          new Provider(DatabricksDialect.NAME, settings -> new DatabricksDialect()),
          new Provider(RedshiftDialect.NAME, settings -> new RedshiftDialect()),
          new Provider(
              BigQueryDialect.NAME,
              settings -> new BigQueryDialect(settings.more().getOrDefault(REGION, "region-us"))),
          new Provider(TrinoDialect.NAME, settings -> new TrinoDialect()),
          new Provider(SynapseDialect.NAME, settings -> new SynapseDialect()));

  private JdbcPlatforms() {}

  /** Returns a provider for each. */
  public static List<GrantTargetProvider> all() {
    return List.copyOf(ALL);
  }

  private record Provider(String platform, Function<TargetSettings, Dialect> dialect)
      implements GrantTargetProvider {

    @Override
    public GrantTarget open(TargetSettings settings) {
      var of = dialect.apply(settings);
      if (settings.byRole() && !of.hasRoles()) {
        throw new IllegalArgumentException(
            "executor.grant.by is role, but %s takes grants to users only".formatted(platform));
      }
      return new JdbcTarget(of, settings);
    }
  }
}
