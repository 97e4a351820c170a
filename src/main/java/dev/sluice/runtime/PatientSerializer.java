package dev.sluice.runtime;

import dev.sluice.product.Patience;
import dev.sluice.serde.OutageClassifier;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Waits where a record cannot be written because of an outage: the first record of its kind has to
 * be known to the registry. Without it the thread would fail, and what it has done since the last
 * commit would be done again. What the registry refuses is passed on at once.
 */
final class PatientSerializer implements Serializer<Object> {
  private final Serializer<Object> serializer;
  private final Patience patience;

  PatientSerializer(Serializer<Object> serializer, Patience patience) {
    this.serializer = serializer;
    this.patience = patience;
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
        if (!(failure instanceof RetriableException) || !patience.waitFor(tries, failure)) {
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
