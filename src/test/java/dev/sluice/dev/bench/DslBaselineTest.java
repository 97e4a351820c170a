package dev.sluice.dev.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.avro.AccessCommand;
import dev.sluice.config.SluiceConfig;
import dev.sluice.event.Events;
import dev.sluice.event.ProductEvent;
import dev.sluice.event.codec.EventAvro;
import dev.sluice.topology.ContractSerdes;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the commands of the topology that the benchmark compares with. */
class DslBaselineTest {
  @TempDir private Path folder;

  private TopologyTestDriver driver;
  private TestInputTopic<String, Object> events;
  private TestOutputTopic<String, Object> commands;

  @BeforeEach
  void start() {
    var config =
        SluiceConfig.of(
            Map.of("schema.registry.url", "mock://dsl-baseline", "data.dir", folder.toString()));
    var serdes = new ContractSerdes(config);
    Serializer<Object> serializer = serdes.serializer();
    Deserializer<Object> deserializer = serdes.deserializer();
    driver = new TopologyTestDriver(DslBaseline.topology(config), config.streamsConfig());
    events = driver.createInputTopic("product-events", new StringSerializer(), serializer);
    commands = driver.createOutputTopic("access-commands", new StringDeserializer(), deserializer);
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  private List<String> after(ProductEvent event) {
    events.pipeInput(event.productId(), EventAvro.toAvro(event));
    return commands.readRecordsToList().stream()
        .map(
            record -> {
              var command = (AccessCommand) record.value();
              return "%s %s %s %d"
                  .formatted(
                      command.getAction(),
                      record.key(),
                      command.getReason(),
                      command.getRevision());
            })
        .toList();
  }

  @Test
  void shouldEmitACommandOnlyWhereAccessAppearsOrDisappears() {
    assertThat(after(Events.published("p1", "s1", "s2"))).isEmpty();
    assertThat(after(Events.published("p2", "s2"))).isEmpty();
    assertThat(after(Events.approved("p1", "r1", "ana")))
        .containsExactly(
            "GRANT ana|Snowflake|s1 ACCESS_APPROVED 1", "GRANT ana|Snowflake|s2 ACCESS_APPROVED 1");
    assertThat(after(Events.approved("p2", "r2", "ana"))).isEmpty();
    assertThat(after(Events.suspended("p1")))
        .containsExactly("REVOKE ana|Snowflake|s1 PRODUCT_SUSPENDED 2");
    assertThat(after(Events.suspended("p2")))
        .containsExactly("REVOKE ana|Snowflake|s2 PRODUCT_SUSPENDED 2");
    assertThat(after(Events.approved("p1", "r3", "ben"))).isEmpty();
    assertThat(after(Events.resumed("p1")))
        .containsExactlyInAnyOrder(
            "GRANT ana|Snowflake|s1 PRODUCT_RESUMED 3",
            "GRANT ana|Snowflake|s2 PRODUCT_RESUMED 3",
            "GRANT ben|Snowflake|s1 PRODUCT_RESUMED 1",
            "GRANT ben|Snowflake|s2 PRODUCT_RESUMED 1");
    assertThat(after(Events.resumed("p1"))).isEmpty();
  }
}
