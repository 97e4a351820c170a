package dev.sluice.it;

import org.apache.kafka.common.serialization.Deserializer;

/** Stands for a fault of the process itself in the middle of the work. */
public final class OverflowingDeserializer implements Deserializer<Object> {
  @Override
  public Object deserialize(String topic, byte[] data) {
    throw new StackOverflowError();
  }
}
