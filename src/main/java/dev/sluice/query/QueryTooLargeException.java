package dev.sluice.query;

/** Thrown if a query would read more than its limit; the message names a smaller query. */
public final class QueryTooLargeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  QueryTooLargeException(String message) {
    super(message);
  }
}
