package dev.sluice.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.Test;

/**
 * Holds the topology against a file, since its names become changelog topics, which an upgrade must
 * find again. {@code mvn verify -Dsluice.golden.write=true} writes the file anew.
 */
class TopologyDescriptionTest {
  private static final Path GOLDEN = Path.of("src/test/resources/topology.txt");
  private static final Path DELIVERY_GOLDEN = Path.of("src/test/resources/delivery-topology.txt");

  @Test
  void shouldKeepTheNamesOfNodesStoresAndTopics() throws IOException {
    compare(Driver.topology(), GOLDEN);
  }

  @Test
  void shouldKeepTheNamesOfDelivery() throws IOException {
    try (var driver = new DeliveryDriver("topology-description")) {
      compare(driver.topology(), DELIVERY_GOLDEN);
    }
  }

  private static void compare(Topology topology, Path golden) throws IOException {
    var description = sortStores(topology.describe().toString());
    if (Boolean.getBoolean("sluice.golden.write")) {
      Files.writeString(golden, description);
    }

    assertThat(description).isEqualToNormalizingNewlines(Files.readString(golden));
  }

  /** Kafka lists a node's stores in no order. */
  private static String sortStores(String description) {
    return Pattern.compile("(?<=stores: \\[)[^\\]]*")
        .matcher(description)
        .replaceAll(
            stores ->
                Stream.of(stores.group().split(", ")).sorted().collect(Collectors.joining(", ")));
  }
}
