package dev.sluice.sim;

import java.lang.reflect.Field;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.internals.StreamsProducer;

/** The producer inside of a driver, which has no other way to it. */
public final class DriverProducer {
  private static final Field OF_DRIVER = field(TopologyTestDriver.class, "testDriverProducer");
  private static final Field OF_STREAMS = field(StreamsProducer.class, "producer");

  private DriverProducer() {}

  private static Field field(Class<?> type, String name) {
    try {
      var field = type.getDeclaredField(name);
      field.setAccessible(true);
      return field;
    } catch (NoSuchFieldException e) {
      throw new AssertionError(e);
    }
  }

  /** Puts another one before it. */
  @SuppressWarnings("unchecked")
  public static void replace(
      TopologyTestDriver driver, UnaryOperator<Producer<byte[], byte[]>> by) {
    try {
      var ofStreams = OF_DRIVER.get(driver);
      OF_STREAMS.set(ofStreams, by.apply((Producer<byte[], byte[]>) OF_STREAMS.get(ofStreams)));
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }
}
