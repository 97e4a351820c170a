package dev.sluice.executor.jdbc;

import dev.sluice.executor.Trouble;
import dev.sluice.executor.Trouble.Remedy;
import dev.sluice.executor.Trouble.Scope;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLTransientException;

/** Meanings of errors on most platforms: by the SQLSTATE, else by the class of the exception. */
final class Troubles {
  private static final int CLASS_LENGTH = 2;

  private Troubles() {}

  static Trouble of(SQLException error, Scope scope, Remedy remedy) {
    var state = error.getSQLState();
    var message = error.getMessage();
    return new Trouble(
        scope,
        remedy,
        state != null && !state.isBlank() ? state : "" + error.getErrorCode(),
        message == null ? error.toString() : message);
  }

  /** Returns what an error means that the dialect does not know better. */
  static Trouble of(SQLException error) {
    if (error instanceof SQLTimeoutException) {
      return of(error, Scope.USER, Remedy.TIME); // fewer users take less time
    }
    if (error instanceof SQLRecoverableException
        || error instanceof SQLNonTransientConnectionException
        || error instanceof SQLTransientConnectionException) {
      return of(error, Scope.PLATFORM, Remedy.TIME);
    }
    var state = error.getSQLState();
    if (state != null && state.length() > CLASS_LENGTH) {
      switch (state) {
        case "42501" -> {
          return of(error, Scope.SOURCE, Remedy.PERSON);
        }
        case "42601", "42000" -> {
          return of(error, Scope.USER, Remedy.PERSON);
        }
        default -> {
          // by its class
        }
      }
      switch (state.substring(0, CLASS_LENGTH)) {
        case "08", "53", "57" -> {
          return of(error, Scope.PLATFORM, Remedy.TIME);
        }
        case "28" -> {
          return of(error, Scope.PLATFORM, Remedy.PERSON);
        }
        case "40" -> {
          return of(error, Scope.SOURCE, Remedy.TIME);
        }
        case "0A" -> {
          return of(error, Scope.SOURCE, Remedy.NONE);
        }
        default -> {
          // as below
        }
      }
    }
    return error instanceof SQLTransientException
        ? of(error, Scope.SOURCE, Remedy.TIME)
        : of(error, Scope.USER, Remedy.PERSON);
  }
}
