package dev.sluice.executor.jdbc;

import dev.sluice.executor.platform.TargetSettings;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.Properties;
import java.util.ServiceLoader;

/** Makes connections with a driver from the folder of drivers. */
final class JdbcConnector {
  /** How much later than a statement's own end the network gives up. */
  private static final Duration NETWORK_LATER = Duration.ofSeconds(10);

  private final Dialect dialect;
  private final TargetSettings settings;

  JdbcConnector(Dialect dialect, TargetSettings settings) {
    this.dialect = dialect;
    this.settings = settings;
  }

  Connection connect() throws SQLException {
    var properties = new Properties();
    properties.putAll(settings.more());
    var user = settings.user();
    if (user != null) {
      properties.put("user", user);
    }
    var password = settings.password();
    if (password != null) {
      properties.put("password", password);
    }
    for (var driver : ServiceLoader.load(Driver.class, settings.drivers())) {
      if (driver.acceptsURL(settings.url())) {
        var connection = driver.connect(settings.url(), properties);
        if (connection != null) {
          return prepared(connection);
        }
      }
    }
    throw new SQLException(
        "no driver for %s: put its jar into the folder of drivers".formatted(dialect.platform()),
        "08001");
  }

  private Connection prepared(Connection connection) throws SQLException {
    try {
      connection.setAutoCommit(true);
      // A peer that is gone must not hold the thread for ever.
      setNetworkTimeout(connection);
      try (var statement = connection.createStatement()) {
        for (var sql : dialect.session(settings.timeout())) {
          statement.execute(sql);
        }
      }
      connection.setAutoCommit(!dialect.isTransactional());
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private void setNetworkTimeout(Connection connection) throws SQLException {
    try {
      connection.setNetworkTimeout(
          Runnable::run, Math.toIntExact(settings.timeout().plus(NETWORK_LATER).toMillis()));
    } catch (SQLFeatureNotSupportedException e) {
      // Some drivers have a setting of their own for it.
    }
  }
}
