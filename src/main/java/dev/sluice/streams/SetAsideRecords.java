package dev.sluice.streams;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The records that an operator wants to be set aside: not processed, but put into rejected-events,
 * since no worker can go on behind them otherwise. Each is named like {@code
 * access-updates:3:1234}: input, partition and offset.
 *
 * @param places all of them
 */
public record SetAsideRecords(Set<Place> places) {

  /** None. */
  public static final SetAsideRecords NONE = new SetAsideRecords(Set.of());

  /** What the records of two stages are read from. */
  public enum Input {
    /** Of the product stage. */
    EVENTS("product-events"),
    /** Of the access stage. */
    UPDATES("access-updates");

    private final String topic;

    Input(String topic) {
      this.topic = topic;
    }

    /** The topic, without prefix and application.id. */
    public String topic() {
      return topic;
    }
  }

  /**
   * One record.
   *
   * @param partition from 0
   * @param offset from 0
   */
  public record Place(Input input, int partition, long offset) {
    @Override
    public String toString() {
      return input.topic() + ":" + partition + ":" + offset;
    }
  }

  /** Keeps its own copy. */
  public SetAsideRecords {
    places = Set.copyOf(places);
  }

  /**
   * Reads names.
   *
   * @param names each of that form; {@code records.set.aside} takes no other
   */
  public static SetAsideRecords of(List<String> names) {
    return new SetAsideRecords(
        names.stream().map(SetAsideRecords::place).collect(Collectors.toSet()));
  }

  private static Place place(String name) {
    var parts = name.split(":", -1);
    var input = parts[0].equals(Input.EVENTS.topic()) ? Input.EVENTS : Input.UPDATES;
    return new Place(input, Integer.parseInt(parts[1]), Long.parseLong(parts[2]));
  }

  /** Whether that record is one of them. */
  public boolean holds(Input input, @Nullable RecordMetadata at) {
    return at != null
        && !places.isEmpty()
        && places.contains(new Place(input, at.partition(), at.offset()));
  }

  @Override
  public String toString() {
    return new TreeSet<>(places.stream().map(Place::toString).toList()).toString();
  }
}
