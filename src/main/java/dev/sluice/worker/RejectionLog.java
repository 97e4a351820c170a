package dev.sluice.worker;

import dev.sluice.contract.RejectionReason;
import dev.sluice.product.stage.EventObserver;
import dev.sluice.text.Cut;
import dev.sluice.text.Visible;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs rejected events: the first at once, further ones as a sum at most every ten seconds. */
public final class RejectionLog implements EventObserver, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RejectionLog.class);
  private static final int TEXT_MAX = 300;

  private final SummaryLog log;

  /**
   * Creates a log that warns in the program's log.
   *
   * @param topic topic of rejected events
   */
  public static RejectionLog of(String topic) {
    var log = new RejectionLog(topic, System::nanoTime, LOG::warn);
    log.log.begun();
    return log;
  }

  RejectionLog(String topic, LongSupplier clockNs, Consumer<String> out) {
    log =
        new SummaryLog(
            "rejections",
            (count, last) ->
                (count == 1
                        ? "1 event rejected: "
                        : count + " events rejected since the last warning, the latest: ")
                    + last
                    + "; see topic "
                    + topic,
            clockNs,
            out);
  }

  @Override
  public void decided(String type, String outcome) {}

  @Override
  public void rejected(RejectionReason reason, String message, String where) {
    log.add("%s %s (%s)".formatted(reason, clean(message), clean(where)));
  }

  /** Logs the pending summary if the interval has passed. */
  void logIfDue() {
    log.logIfDue();
  }

  /** Replaces line breaks: ids come from outside and must not create log lines. */
  private static String clean(String text) {
    return Cut.to(Visible.line(text), TEXT_MAX);
  }

  /** Logs the pending summary. */
  @Override
  public void close() {
    log.close();
  }
}
