package dev.sluice.contract;

/** Names of the headers that a record of product-events may carry besides the trace context's. */
public final class EventHeaders {

  /** The name of the token, in UTF-8, under which the event was published over HTTP. */
  public static final String PUBLISHER = "sluice.publisher";

  private EventHeaders() {}
}
