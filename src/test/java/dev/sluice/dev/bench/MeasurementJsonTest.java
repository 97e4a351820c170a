package dev.sluice.dev.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class MeasurementJsonTest {

  @Test
  void shouldWriteOneLineWithWhatWasMeasuredAndOnWhat() {
    var measurement =
        new Measurement(
            "fanout",
            Measurement.SLUICE,
            20,
            3,
            2,
            "commands/s",
            Figures.ofRounds(10, 20),
            Figures.ofRounds(5, 5),
            Figures.ofRounds(0.5, 0.25),
            Map.of("heapUsedBytesMax", 7L));
    var machine = new Machine("25 VM", 2, 1024, "Linux", Map.of("threads", 2));

    assertThat(MeasurementJson.of(measurement, machine))
        .isEqualTo(
            """
            {"kind":"bench","name":"fanout","members":20,"sources":3,"rounds":2,\
            "bare":{"min":10.0,"median":15.0,"max":20.0},\
            "sluice":{"min":5.0,"median":5.0,"max":5.0},\
            "ratio":{"min":0.25,"median":0.375,"max":0.5},"unit":"commands/s",\
            "heapUsedBytesMax":7,"jvm":"25 VM","processors":2,"heapBytesMax":1024,"os":"Linux",\
            "settings":{"threads":2}}\
            """);
  }
}
