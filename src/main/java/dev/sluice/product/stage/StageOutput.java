package dev.sluice.product.stage;

import dev.sluice.contract.TraceContext;
import dev.sluice.contract.TraceHeaders;
import dev.sluice.product.Decision.RequestChange;
import dev.sluice.product.Product;
import dev.sluice.update.AccessUpdate;
import dev.sluice.update.AccessUpdate.Trigger;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Forwards the product stage's outputs to the child nodes. */
final class StageOutput {
  private final ProcessorContext<Object, Object> context;
  private final ProductStage.Outputs outputs;
  private @Nullable Headers headers;

  StageOutput(ProcessorContext<Object, Object> context, ProductStage.Outputs outputs) {
    this.context = context;
    this.outputs = outputs;
  }

  /**
   * Called before an event or a due entry.
   *
   * @param trace the trace of all outputs that follow; null for none
   */
  void begin(@Nullable TraceContext trace) {
    headers = trace == null ? null : TraceHeaders.of(trace);
  }

  void request(String productId, RequestChange change, Trigger trigger, long timestamp) {
    forward(
        change.request().requestId(),
        ProductAvro.status(productId, change, trigger),
        timestamp,
        outputs.requestStatus());
  }

  /** Publishes the status of a product. */
  void product(Product product, Trigger trigger, long timestamp) {
    laterProduct(product, trigger, timestamp).run();
  }

  /** Returns what publishes the status of a product later, with the present trace. */
  Runnable laterProduct(Product product, Trigger trigger, long timestamp) {
    return laterProduct(product, trigger, timestamp, headers);
  }

  /** Returns what publishes the status of a product later, without a trace. */
  Runnable laterUntraced(Product product, Trigger trigger, long timestamp) {
    return laterProduct(product, trigger, timestamp, null);
  }

  private Runnable laterProduct(
      Product product, Trigger trigger, long timestamp, @Nullable Headers trace) {
    return () ->
        forward(
            product.productId(),
            ProductAvro.status(product, trigger),
            timestamp,
            trace,
            outputs.productStatus());
  }

  void updates(List<AccessUpdate> updates, long timestamp) {
    for (var update : updates) {
      forward(update.key(), update, timestamp, outputs.accessUpdates());
    }
  }

  void rejected(Record<byte[], byte[]> rejected) {
    context.forward(rejected, outputs.rejectedEvents());
  }

  private void forward(String key, Object value, long timestamp, String child) {
    forward(key, value, timestamp, headers, child);
  }

  private void forward(
      String key, Object value, long timestamp, @Nullable Headers trace, String child) {
    context.forward(
        trace == null
            ? new Record<>(key, value, timestamp)
            : new Record<>(key, value, timestamp, trace),
        child);
  }
}
