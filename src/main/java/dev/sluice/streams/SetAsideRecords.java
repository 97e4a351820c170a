package dev.sluice.streams;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Records that an operator wants to set aside: they are not processed, but written to
 * rejected-events, since otherwise no worker can continue behind them. Each is named like {@code
 * access-updates:3:1234}: input, partition and offset.
 *
 * @param places all of them
 */
public record SetAsideRecords(Set<Place> places) {

  /** No records. */
  public static final SetAsideRecords NONE = new SetAsideRecords(Set.of());

  /** The inputs of the stages. */
  public enum Input {
    /** Input of the product stage. */
    EVENTS("product-events"),
    /** Input of the user stage. */
    USERS("user-events"),
    /** Input of the access stage. */
    UPDATES("access-updates");

    private final String topic;

    Input(String topic) {
      this.topic = topic;
    }

    /** Returns the topic, without prefix and application.id. */
    public String topic() {
      return topic;
    }
  }

  /**
   * The place of one record.
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

  /** Copies the set. */
  public SetAsideRecords {
    places = Set.copyOf(places);
  }

  /**
   * Parses names.
   *
   * @param names each of that form; {@code records.set.aside} accepts no other
   */
  public static SetAsideRecords of(List<String> names) {
    return new SetAsideRecords(
        names.stream().map(SetAsideRecords::place).collect(Collectors.toSet()));
  }

  private static Place place(String name) {
    var parts = name.split(":", -1);
    var input =
        Arrays.stream(Input.values())
            .filter(each -> each.topic().equals(parts[0]))
            .findFirst()
            .orElseThrow();
    return new Place(input, Integer.parseInt(parts[1]), Long.parseLong(parts[2]));
  }

  /** Returns whether the record is to be set aside. */
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
