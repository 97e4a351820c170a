package dev.sluice.dev.cli;

import dev.sluice.cli.DevelopmentTools;
import dev.sluice.config.SluiceConfig;
import dev.sluice.dev.bench.BenchException;
import dev.sluice.dev.demo.Demo;
import dev.sluice.dev.embedded.EmbeddedKafkaException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The demo, the measurements, and the servers of {@code run --embedded}. */
public final class Tools implements DevelopmentTools {

  @Override
  public List<Object> commands() {
    return List.of(new Demo(), new BenchCommand());
  }

  @Override
  public Servers startServers(SluiceConfig config) {
    return Embedded.start(config);
  }

  @Override
  public @Nullable String explain(Exception failure) {
    return failure instanceof BenchException || failure instanceof EmbeddedKafkaException
        ? failure.getMessage()
        : null;
  }
}
