package dev.sluice.limits;

/**
 * Maximum sizes, in bytes unless a name says characters, of ids, events, state, records and
 * requests. Some limits depend on others; a test checks each of these inequalities.
 * docs/contract.md and docs/api.md document the limits that producers and operators see.
 */
public final class SizeLimits {
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;

  /** Longest id, in characters. */
  public static final int ID_CHARS = 256;

  /** The same in UTF-8. */
  public static final int ID = 3 * ID_CHARS;

  /** Largest value of an event, unless only descriptive texts make it larger. */
  public static final int EVENT = MIB;

  /**
   * Most elements of all lists of an event, or of a product, together: sources, domains,
   * agreements, stages, approvers and answers.
   */
  public static final int ELEMENTS = 20_000;

  /** Memory that a list element takes beside its text, in bytes, as requests are charged for it. */
  public static final int ELEMENT_OVERHEAD = 64;

  /** Most list elements of all events of one call over HTTP. */
  public static final int ELEMENTS_OF_CALL = 5 * ELEMENTS;

  /** Largest value that the worker reads. */
  public static final int EVENT_READ = 4 * MIB;

  /** Largest key of an event that is read, and that a rejected event keeps. */
  public static final int EVENT_KEY = 64 * KIB;

  /** Largest headers that a rejected event keeps. */
  public static final int EVENT_HEADERS = 64 * KIB;

  /** Largest record of an event that the worker or the command line publishes. */
  public static final int EVENT_PUBLISHED = EVENT + EVENT_KEY + EVENT_HEADERS;

  /** Value of max.message.bytes for a new product-events topic. */
  public static final int EVENTS_TOPIC = EVENT_READ + EVENT_KEY + EVENT_HEADERS;

  /** Largest rejected event, with key, headers and value, that is kept whole. */
  public static final int REJECTED_KEPT = 4 * MIB;

  /** Longest text in a header that a rejected event gets, in characters. */
  public static final int REJECTED_HEADER_CHARS = 1_000;

  /** Largest record of a rejected event. */
  public static final int REJECTED = 5 * MIB;

  /** Smallest max.message.bytes that rejected-events may have. */
  public static final int REJECTED_TOPIC_MIN = 6 * MIB;

  /**
   * Largest accepted product or request, as a record of state, status, update or command. The key,
   * and the parts that grow by themselves, are not included.
   */
  public static final int STATE = 1_000_000;

  /**
   * Space for the parts that grow by themselves. The members per partition take 40,000 bytes for
   * ten thousand partitions of a hundred million members each. A request's history is never longer.
   */
  public static final int STATE_GROWTH = 40_000;

  /**
   * Smallest max.message.bytes that the other output topics may have: Kafka's own default, a
   * mebibyte and the overhead of a batch.
   */
  public static final int OUTPUT_TOPIC_MIN = MIB + 12;

  /**
   * Largest record that the worker writes, and value of max.message.bytes for new output topics.
   */
  public static final int WRITTEN = 8 * MIB;

  /** Default maximum of a request's body. */
  public static final long HTTP_BODY = 8 * MIB;

  /** Largest body that may be configured. */
  public static final long HTTP_BODY_MAX = 64 * MIB;

  /** Largest arguments of a call between workers: some ids and numbers. */
  public static final int CALL = 64 * KIB;

  /** Largest arguments of a call that carries a product, as a preview does. */
  public static final int CALL_WITH_PRODUCT = 3 * MIB;

  private SizeLimits() {}
}
