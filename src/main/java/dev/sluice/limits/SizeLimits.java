package dev.sluice.limits;

/**
 * Maximum sizes, in bytes where a name does not say characters, of ids, events, state, records and
 * requests. One limit rests on another; a test holds each of these inequalities. Those that
 * producers and operators see stand in docs/contract.md and docs/api.md.
 */
public final class SizeLimits {
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;

  /** Longest id, in characters. */
  public static final int ID_CHARS = 256;

  /** The same in UTF-8. */
  public static final int ID = 3 * ID_CHARS;

  /** Largest value of an event, but for one that only its prose makes larger. */
  public static final int EVENT = MIB;

  /** Largest value that is read. */
  public static final int EVENT_READ = 4 * MIB;

  /** Largest key of an event that is read, and that a rejected event keeps. */
  public static final int EVENT_KEY = 64 * KIB;

  /** Largest headers that a rejected event keeps. */
  public static final int EVENT_HEADERS = 64 * KIB;

  /** Largest record of an event that the worker or the command line publishes. */
  public static final int EVENT_PUBLISHED = EVENT + EVENT_KEY + EVENT_HEADERS;

  /** The max.message.bytes that product-events is made with. */
  public static final int EVENTS_TOPIC = EVENT_READ + EVENT_KEY + EVENT_HEADERS;

  /** Largest event that is kept whole when it is rejected: key, headers and value. */
  public static final int REJECTED_KEPT = 4 * MIB;

  /** Longest text in a header that a rejected event gets, in characters. */
  public static final int REJECTED_HEADER_CHARS = 1_000;

  /** Largest record of a rejected event. */
  public static final int REJECTED = 5 * MIB;

  /** Smallest max.message.bytes that rejected-events may have. */
  public static final int REJECTED_TOPIC_MIN = 6 * MIB;

  /**
   * Largest record of a product or a request that is accepted, without its key and without what
   * grows by itself: state, statuses, updates and commands.
   */
  public static final int STATE = 1_000_000;

  /**
   * Room for what grows by itself: the members per partition, which take 40,000 bytes where there
   * are ten thousand partitions of a hundred million members each, or a request's history, which is
   * no longer than that.
   */
  public static final int STATE_GROWTH = 40_000;

  /**
   * Smallest max.message.bytes that the other output topics may have: Kafka's own default, a
   * mebibyte and the overhead of a batch.
   */
  public static final int OUTPUT_TOPIC_MIN = MIB + 12;

  /** Largest record that the worker writes, and max.message.bytes of the topics that it makes. */
  public static final int WRITTEN = 8 * MIB;

  /** The default for a request's body. */
  public static final long HTTP_BODY = 8 * MIB;

  /** Largest body that may be configured. */
  public static final long HTTP_BODY_MAX = 64 * MIB;

  /** Largest arguments of a call between workers: some ids and numbers. */
  public static final int CALL = 64 * KIB;

  /** Largest arguments of a call that carries a product, as a preview does. */
  public static final int CALL_WITH_PRODUCT = 3 * MIB;

  private SizeLimits() {}
}
