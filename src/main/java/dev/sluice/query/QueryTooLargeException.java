package dev.sluice.query;

/**
 * To answer would take more than is read for one question; the message says what to ask instead.
 */
public final class QueryTooLargeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  QueryTooLargeException(String message) {
    super(message);
  }
}
