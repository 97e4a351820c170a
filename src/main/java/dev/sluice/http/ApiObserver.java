package dev.sluice.http;

/** Receives a report of each request to the API. */
@FunctionalInterface
public interface ApiObserver {

  /** An observer without effect. */
  ApiObserver NONE = (route, status, seconds) -> {};

  /**
   * Reports an answered request.
   *
   * @param route the documented path, without ids
   */
  void answered(String route, int status, double seconds);
}
