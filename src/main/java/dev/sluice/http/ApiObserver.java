package dev.sluice.http;

/** Is told of requests to the API. */
@FunctionalInterface
public interface ApiObserver {

  /** Nobody. */
  ApiObserver NONE = (route, status, seconds) -> {};

  /**
   * A request was answered.
   *
   * @param route the path as it is documented, without ids
   */
  void answered(String route, int status, double seconds);
}
