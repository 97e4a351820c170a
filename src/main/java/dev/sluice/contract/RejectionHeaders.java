package dev.sluice.contract;

/**
 * Names of the headers that a record of rejected-events has besides the rejected record's own.
 * Their values are text in UTF-8, cut to 1,000 characters.
 */
public final class RejectionHeaders {

  /** How many bytes the key had that was left out; missing where it was kept. */
  public static final String KEY_BYTES = "sluice.rejected.key.bytes";

  /** How many bytes the headers had that were left out; missing where they were kept. */
  public static final String HEADERS_BYTES = "sluice.rejected.headers.bytes";

  /** How many bytes the value had that was left out; missing where it was kept. */
  public static final String VALUE_BYTES = "sluice.rejected.value.bytes";

  /** The {@link RejectionReason}. */
  public static final String REASON = "sluice.rejected.reason";

  /** What is wrong, in words. */
  public static final String MESSAGE = "sluice.rejected.message";

  /** What to do about it, in words. */
  public static final String REMEDY = "sluice.rejected.remedy";

  /** The event's id; missing where it cannot be read. */
  public static final String EVENT_ID = "sluice.rejected.event.id";

  /** The topic that it was read from. */
  public static final String TOPIC = "sluice.rejected.topic";

  /** The partition that it was read from, in decimal. */
  public static final String PARTITION = "sluice.rejected.partition";

  /** The offset that it was read at, in decimal. */
  public static final String OFFSET = "sluice.rejected.offset";

  private RejectionHeaders() {}
}
