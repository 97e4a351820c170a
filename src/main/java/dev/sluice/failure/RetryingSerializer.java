package dev.sluice.failure;

import dev.sluice.serde.OutageClassifier;
import dev.sluice.streams.OutageRetry;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Retries while an outage prevents writing a record: the first record of a kind needs the registry.
 * Otherwise the thread would fail, and repeat its work since the last commit. A refusal by the
 * registry is thrown at once.
 */
public final class RetryingSerializer implements Serializer<Object> {
  private final Serializer<Object> serializer;
  private final OutageRetry outageRetry;

  public RetryingSerializer(Serializer<Object> serializer, OutageRetry outageRetry) {
    this.serializer = serializer;
    this.outageRetry = outageRetry;
  }

  @Override
  public byte @Nullable [] serialize(String topic, Object value) {
    return serialize(topic, null, value);
  }

  @Override
  public byte @Nullable [] serialize(String topic, @Nullable Headers headers, Object value) {
    for (int tries = 1; ; tries++) {
      try {
        return headers == null
            ? serializer.serialize(topic, value)
            : serializer.serialize(topic, headers, value);
      } catch (RuntimeException e) {
        var failure = OutageClassifier.whileWriting(e);
        if (!(failure instanceof RetriableException) || !outageRetry.waitFor(tries, failure)) {
          throw failure;
        }
      }
    }
  }

  @Override
  public void close() {
    serializer.close();
  }
}
