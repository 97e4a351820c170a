package dev.sluice.cli;

import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.CommandReason;
import dev.sluice.avro.ProductStatus;
import dev.sluice.avro.RequestStatus;
import dev.sluice.event.ProductEvent;
import dev.sluice.product.Rejection;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** The demo for people: each event with the commands that it caused, then who has access. */
final class DemoStory implements DemoShow {
  private final AccessTable table = new AccessTable();
  private volatile String outcome = "";
  private final Set<String> expired = new HashSet<>();
  private boolean silent;

  @Override
  public void event(ProductEvent event) {
    System.out.printf("%n%-4s %s%n", event.eventId(), Sentences.of(event));
    silent = true;
  }

  @Override
  public void outcome(String newOutcome) {
    outcome = newOutcome;
  }

  @Override
  public void settled() {
    if (silent) {
      System.out.println(
          switch (outcome) {
            case "duplicate" -> "       Seen before: dropped.";
            case "no_op" -> "       That holds already.";
            default -> "       Nobody's access changes.";
          });
    }
  }

  @Override
  public void command(AccessCommand command) {
    silent = false;
    table.add(command);
    if (command.getReason() == CommandReason.ACCESS_EXPIRED
        && expired.add(command.getCauseEventId())) {
      System.out.printf(
          "%nTime  %s's temporary access through %s ends.%n",
          command.getUserId(), command.getProductId());
    }
    System.out.println("       " + CommandLines.of(command));
  }

  @Override
  public void productStatus(ProductStatus status) {
    table.add(status);
  }

  @Override
  public void requestStatus(RequestStatus status) {
    table.add(status);
  }

  @Override
  public void rejected(
      byte @Nullable [] key,
      byte @Nullable [] value,
      Headers headers,
      OutputReader.Reading reading) {
    silent = false;
    System.out.printf(
        "       REJECTED %s: %s. %s%n",
        JsonForm.header(headers, Rejection.REASON),
        JsonForm.header(headers, Rejection.MESSAGE),
        JsonForm.header(headers, Rejection.REMEDY));
  }

  @Override
  public boolean expires(Instant before) {
    return table.expires(before);
  }

  @Override
  public boolean end() {
    System.out.printf("%nProducts%n");
    for (var p : table.products()) {
      System.out.printf(
          "  %-18s %-10s %d sources, %d approved of %d requests%n",
          p.getProductId(),
          p.getState(),
          p.getStats().getDataSourceCount(),
          p.getStats().getApprovedRequestCount(),
          p.getStats().getTotalRequestCount());
    }
    System.out.printf("%nWho has access to what, and why%n");
    var access = table.access();
    if (access.isEmpty()) {
      System.out.println("  nobody to nothing");
    }
    access.forEach(
        (pair, why) ->
            System.out.printf(
                "  %-10s %-24s %-12s through %s%n",
                pair.userId(), pair.sourceId(), pair.sourceType(), String.join(" and ", why)));
    var wrong = table.disagreements();
    if (wrong.isEmpty()) {
      System.out.printf("%nThe commands add up to exactly this.%n");
    }
    wrong.forEach(line -> System.out.println("The commands add up to something else: " + line));
    return wrong.isEmpty();
  }
}
