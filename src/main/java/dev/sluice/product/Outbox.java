package dev.sluice.product;

import dev.sluice.access.AccessUpdate;
import dev.sluice.access.AccessUpdate.Cause;
import dev.sluice.access.AccessUpdate.MembershipChanged;
import dev.sluice.product.Decision.RequestChange;
import java.util.List;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Forwards what the product stage says to the child nodes. */
final class Outbox {
  private final ProcessorContext<Object, Object> context;
  private final ProductStage.Outputs outputs;

  Outbox(ProcessorContext<Object, Object> context, ProductStage.Outputs outputs) {
    this.context = context;
    this.outputs = outputs;
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
    context.forward(new Record<>(key, value, timestamp), child);
  }
}
