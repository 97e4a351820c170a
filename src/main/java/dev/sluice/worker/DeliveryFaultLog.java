package dev.sluice.worker;

import dev.sluice.delivery.stage.DeliveryObserver;
import dev.sluice.text.Cut;
import dev.sluice.text.Visible;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs records of which delivery can make nothing: the first at once, further ones as a sum at most
 * every ten seconds.
 */
final class DeliveryFaultLog implements DeliveryObserver, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DeliveryFaultLog.class);
  private static final int TEXT_MAX = 700;

  private final SummaryLog log;

  /** Returns a log that warns in the program's log. */
  static DeliveryFaultLog begun() {
    var log = new DeliveryFaultLog(System::nanoTime, LOG::warn);
    log.log.begun();
    return log;
  }

  DeliveryFaultLog(LongSupplier clockNs, Consumer<String> out) {
    log =
        new SummaryLog(
            "delivery-faults",
            (count, last) ->
                (count == 1
                        ? "1 record changes nothing: "
                        : count + " records changed nothing since the last warning, the latest: ")
                    + last,
            clockNs,
            out);
  }

  @Override
  public void faulty(String message, String where) {
    log.add("%s, %s".formatted(where, Cut.to(Visible.line(message), TEXT_MAX)));
  }

  @Override
  public void close() {
    log.close();
  }
}
