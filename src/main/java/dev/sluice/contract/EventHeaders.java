package dev.sluice.contract;

/** Names of the headers that a record of product-events may carry besides the trace context's. */
public final class EventHeaders {

  /** Name of the token, in UTF-8, that authorized the publication over HTTP. */
  public static final String PUBLISHER = "sluice.publisher";

  private EventHeaders() {}
}
