package dev.sluice.dev.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.SluiceConfig;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FloorTopologyTest {
  @TempDir private Path folder;

  @Test
  void shouldPassEachInputOnAsOftenAsItAsks() {
    var config = SluiceConfig.of(Map.of("data.dir", folder.toString()));
    try (var driver = new TopologyTestDriver(FloorTopology.of(config), config.streamsConfig())) {
      var bytes = new ByteArraySerializer();
      var inputs = driver.createInputTopic("product-events", bytes, bytes);
      var outputs =
          driver.createOutputTopic(
              "access-commands", new ByteArrayDeserializer(), new ByteArrayDeserializer());
      var key = (Names.user(7) + "|Snowflake|" + Names.source(99)).getBytes(UTF_8);
      var value = FloorTopology.input(3, "command".getBytes(UTF_8));

      inputs.pipeInput(key, value);
      inputs.pipeInput(key, FloorTopology.input(0, new byte[1]));

      var found = outputs.readRecordsToList();
      assertThat(found.stream().map(record -> Names.sourceOf(record.key())))
          .containsExactly(0, 1, 2);
      assertThat(found).allMatch(record -> Names.userOf(record.key()) == 7);
      assertThat(found).allSatisfy(record -> assertThat(record.value()).isEqualTo(value));
    }
  }
}
