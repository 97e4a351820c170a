package dev.sluice.product;

import dev.sluice.access.AccessUpdate;
import dev.sluice.access.AccessUpdate.Cause;
import dev.sluice.access.AccessUpdate.MembershipChanged;
import dev.sluice.contract.TraceContext;
import dev.sluice.contract.TraceHeaders;
import dev.sluice.product.Decision.RequestChange;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Forwards what the product stage says to the child nodes. */
final class Outbox {
  private final ProcessorContext<Object, Object> context;
  private final ProductStage.Outputs outputs;
  private @Nullable Headers headers;

  Outbox(ProcessorContext<Object, Object> context, ProductStage.Outputs outputs) {
    this.context = context;
    this.outputs = outputs;
  }

  /**
   * Before an event, or what time brings.
   *
   * @param trace the trace that all that is said of it belongs to; null for none
   */
  void begin(@Nullable TraceContext trace) {
    headers = trace == null ? null : TraceHeaders.of(trace);
  }

  void request(String productId, RequestChange change, Cause cause, long timestamp) {
    forward(
        change.request().requestId(),
        ProductAvro.status(productId, change, cause),
        timestamp,
        outputs.requestStatus());
  }

  void product(Product product, Cause cause, long timestamp) {
    forward(
        product.productId(),
        ProductAvro.status(product, cause),
        timestamp,
        outputs.productStatus());
  }

  void updates(List<AccessUpdate> updates, long timestamp) {
    for (var update : updates) {
      var key = update instanceof MembershipChanged changed ? changed.userId() : update.productId();
      forward(key, update, timestamp, outputs.accessUpdates());
    }
  }

  void rejected(Record<byte[], byte[]> rejected) {
    context.forward(rejected, outputs.rejectedEvents());
  }

  private void forward(String key, Object value, long timestamp, String child) {
    context.forward(
        headers == null
            ? new Record<>(key, value, timestamp)
            : new Record<>(key, value, timestamp, headers),
        child);
  }
}
