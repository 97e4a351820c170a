package dev.sluice.dev.demo;

import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.ProductStatus;
import dev.sluice.avro.RequestStatus;
import dev.sluice.cli.InputEvent;
import dev.sluice.cli.OutputJson;
import dev.sluice.cli.RejectedEvent;
import dev.sluice.cli.Terminal;
import dev.sluice.event.UserEvent;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** Prints the demo for programs: standard output contains JSON lines only. */
public final class DemoJson implements DemoShow {
  private final AccessTable table = new AccessTable();
  private final Map<String, ProductStatus> products = new TreeMap<>();
  private final Map<String, RequestStatus> requests = new TreeMap<>();

  @Override
  public void command(AccessCommand command) {
    table.add(command);
    Terminal.json(OutputJson.of("command", command));
  }

  @Override
  public void input(InputEvent event) {
    if (event.event() instanceof UserEvent user) {
      table.add(user);
    }
  }

  @Override
  public void productStatus(ProductStatus status) {
    table.add(status);
    products.put(status.getProductId(), status);
  }

  @Override
  public void requestStatus(RequestStatus status) {
    table.add(status);
    requests.put(status.getRequestId(), status);
  }

  @Override
  public void rejected(RejectedEvent rejected) {
    table.add(rejected);
    Terminal.json(rejected.json());
  }

  @Override
  public boolean expires(Instant before) {
    return table.expires(before);
  }

  @Override
  public boolean end() {
    products.values().forEach(s -> Terminal.json(OutputJson.of("product-status", s)));
    requests.values().forEach(s -> Terminal.json(OutputJson.of("request-status", s)));
    var wrong = table.disagreements();
    wrong.forEach(line -> Terminal.note("commands and statuses disagree: " + line));
    return wrong.isEmpty();
  }
}
