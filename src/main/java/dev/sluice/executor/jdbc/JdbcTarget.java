package dev.sluice.executor.jdbc;

import dev.sluice.delivery.CommandAction;
import dev.sluice.executor.Access;
import dev.sluice.executor.Place;
import dev.sluice.executor.Trouble;
import dev.sluice.executor.Trouble.Remedy;
import dev.sluice.executor.Trouble.Scope;
import dev.sluice.executor.platform.CaseRule;
import dev.sluice.executor.platform.GrantTarget;
import dev.sluice.executor.platform.Statement;
import dev.sluice.executor.platform.TargetException;
import dev.sluice.executor.platform.TargetSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A platform over JDBC. It has one connection, and makes a new one after that was lost. */
final class JdbcTarget implements GrantTarget {
  private static final Logger LOG = LoggerFactory.getLogger(JdbcTarget.class);

  private final Dialect dialect;
  private final TargetSettings settings;
  private final JdbcConnector connector;
  private @Nullable Connection connection;

  JdbcTarget(Dialect dialect, TargetSettings settings) {
    this.dialect = dialect;
    this.settings = settings;
    connector = new JdbcConnector(dialect, settings);
  }

  @Override
  public String describe() {
    return "%s%s, %s"
        .formatted(
            dialect.platform(),
            settings.user() == null ? "" : " as " + settings.user(),
            settings.byRole() ? "by a role for each source" : "by grants to users");
  }

  @Override
  public CaseRule caseRule() {
    return dialect.caseRule();
  }

  @Override
  public boolean ownsItsGrants() {
    return settings.byRole();
  }

  @Override
  public @Nullable Trouble problem(Place place) {
    var problem = dialect.problem(place);
    return problem == null
        ? null
        : new Trouble(Scope.USER, Remedy.NONE, "NAME_NOT_POSSIBLE", problem);
  }

  @Override
  public List<Statement> statements(CommandAction action, List<Place> places) {
    return dialect.statements(action, places, settings.givesUsage());
  }

  @Override
  public void apply(CommandAction action, List<Place> places) throws TargetException {
    try {
      var to = connection();
      for (var statement : statements(action, places)) {
        run(to, statement);
      }
      if (dialect.isTransactional()) {
        to.commit();
      }
    } catch (SQLException e) {
      var isGone = action == CommandAction.REVOKE && dialect.isNothingToRevoke(e);
      var trouble = failed(e);
      if (!isGone) {
        throw new TargetException(trouble, e);
      }
    } catch (TargetException e) {
      rollback();
      throw e;
    }
  }

  private void run(Connection to, Statement statement) throws SQLException, TargetException {
    var unless = statement.unless();
    if (unless != null && isTrue(to, unless)) {
      return;
    }
    var refusal = statement.refusal();
    if (refusal != null) {
      for (var row : query(to, refusal)) {
        throw new TargetException(
            new Trouble(
                dialect.refusalScope(),
                Remedy.PERSON,
                "REFUSED",
                String.valueOf(row.values().values().iterator().next())),
            null);
      }
    }
    LOG.debug("{}", statement.sql());
    try (var run = to.createStatement()) {
      run.setQueryTimeout(Math.toIntExact(Math.max(1, settings.timeout().toSeconds())));
      run.execute(statement.sql());
      for (var warning = run.getWarnings(); warning != null; warning = warning.getNextWarning()) {
        var trouble = dialect.warning(warning);
        if (trouble != null) {
          throw new TargetException(trouble, warning);
        }
      }
    }
  }

  private boolean isTrue(Connection of, String query) throws SQLException {
    var rows = query(of, query);
    return !rows.isEmpty()
        && new Rows.Row(
                Map.of("is", String.valueOf(rows.getFirst().values().values().iterator().next())))
            .isTrue("is");
  }

  private List<Rows.Row> query(Connection of, String sql) throws SQLException {
    try (var statement = of.createStatement()) {
      statement.setQueryTimeout(Math.toIntExact(Math.max(1, settings.timeout().toSeconds())));
      try (var found = statement.executeQuery(sql)) {
        var columns = found.getMetaData();
        var rows = new ArrayList<Rows.Row>();
        while (found.next()) {
          var values = new HashMap<String, @Nullable Object>();
          for (int i = 1; i <= columns.getColumnCount(); i++) {
            values.put(columns.getColumnLabel(i).toLowerCase(Locale.ROOT), found.getObject(i));
          }
          rows.add(new Rows.Row(values));
        }
        return rows;
      }
    }
  }

  @Override
  public Map<Place, Access> access(CommandAction purpose, List<Place> places)
      throws TargetException {
    try {
      var of = connection();
      var byUser = dialect.access(sql -> query(of, sql), purpose, places);
      endReading(of);
      var access = new HashMap<Place, Access>();
      for (var place : places) {
        var found = byUser.getOrDefault(place.principal(), Access.NONE);
        access.put(
            place,
            purpose == CommandAction.REVOKE && !settings.asksEffective()
                ? new Access(found.granted(), found.granted(), found.how())
                : found);
      }
      return access;
    } catch (SQLException e) {
      throw new TargetException(failed(e), e);
    }
  }

  @Override
  public List<String> list(Place object) throws TargetException {
    try {
      var of = connection();
      var users = dialect.list(sql -> query(of, sql), object);
      endReading(of);
      return users;
    } catch (SQLException e) {
      throw new TargetException(failed(e), e);
    }
  }

  /** A transaction that only read must not stay open. */
  private void endReading(Connection of) throws SQLException {
    if (dialect.isTransactional()) {
      of.rollback();
    }
  }

  private Trouble failed(SQLException error) {
    var trouble = withoutSecrets(dialect.trouble(error));
    if (trouble.scope() == Scope.PLATFORM) {
      close();
    } else {
      rollback();
    }
    return trouble;
  }

  /** Messages go into results, and drivers may put the URL into them. */
  private Trouble withoutSecrets(Trouble trouble) {
    var message = trouble.message();
    for (var secret : new String[] {settings.url(), settings.password()}) {
      if (secret != null && !secret.isEmpty()) {
        message = message.replace(secret, "[hidden]");
      }
    }
    return new Trouble(trouble.scope(), trouble.remedy(), trouble.code(), message);
  }

  private void rollback() {
    var open = connection;
    if (open != null && dialect.isTransactional()) {
      try {
        open.rollback();
      } catch (SQLException e) {
        LOG.debug("a connection that cannot be rolled back is given up", e);
        close();
      }
    }
  }

  private Connection connection() throws SQLException {
    var open = connection;
    if (open == null) {
      open = connector.connect();
      connection = open;
    }
    return open;
  }

  @Override
  public void close() {
    var open = connection;
    connection = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException e) {
        LOG.debug("a connection was closed already", e);
      }
    }
  }
}
