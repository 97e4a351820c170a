package dev.sluice.contract;

/**
 * Names of the headers of rejected-events, besides the rejected record's own. Their values are text
 * in UTF-8, cut to 1,000 characters.
 */
public final class RejectionHeaders {

  /** Size of the key in bytes, if it was left out; missing if it was kept. */
  public static final String KEY_BYTES = "sluice.rejected.key.bytes";

  /** Size of the headers in bytes, if they were left out; missing if they were kept. */
  public static final String HEADERS_BYTES = "sluice.rejected.headers.bytes";

  /** Size of the value in bytes, if it was left out; missing if it was kept. */
  public static final String VALUE_BYTES = "sluice.rejected.value.bytes";

  /** The {@link RejectionReason}. */
  public static final String REASON = "sluice.rejected.reason";

  /** The fault, in words. */
  public static final String MESSAGE = "sluice.rejected.message";

  /** The remedy, in words. */
  public static final String REMEDY = "sluice.rejected.remedy";

  /** The event's id; missing if it cannot be read. */
  public static final String EVENT_ID = "sluice.rejected.event.id";

  /** The topic of the rejected record. */
  public static final String TOPIC = "sluice.rejected.topic";

  /** The partition of the rejected record, in decimal. */
  public static final String PARTITION = "sluice.rejected.partition";

  /** The offset of the rejected record, in decimal. */
  public static final String OFFSET = "sluice.rejected.offset";

  private RejectionHeaders() {}
}
