package dev.sluice.dev.demo;

import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.CommandReason;
import dev.sluice.avro.ProductStatus;
import dev.sluice.avro.RequestStatus;
import dev.sluice.cli.CommandLines;
import dev.sluice.cli.InputEvent;
import dev.sluice.cli.RejectedEvent;
import dev.sluice.cli.Terminal;
import dev.sluice.event.Event;
import dev.sluice.event.UserEvent;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/** Prints the demo for people: each event with its commands, then the resulting access. */
public final class DemoStory implements DemoShow {
  private final AccessTable table = new AccessTable();
  private volatile String outcome = "";
  private final Set<String> expired = new HashSet<>();
  private boolean silent;

  @Override
  public void event(Event event) {
    Terminal.line();
    Terminal.line("%-4s %s", event.eventId(), Sentences.of(event));
    silent = true;
  }

  @Override
  public void outcome(String newOutcome) {
    outcome = newOutcome;
  }

  @Override
  public void settled() {
    if (silent) {
      Terminal.line(
          switch (outcome) {
            case "duplicate" -> "       Duplicate: ignored.";
            case "no_op" -> "       No change: this state exists already.";
            default -> "       No access changes.";
          });
    }
  }

  @Override
  public void command(AccessCommand command) {
    silent = false;
    table.add(command);
    if (command.getReason() == CommandReason.ACCESS_EXPIRED
        && expired.add(command.getCauseEventId())) {
      Terminal.line();
      Terminal.line(
          "Time  %s's temporary access through %s ends.",
          command.getUserId(), command.getProductId());
    }
    Terminal.line("       " + CommandLines.of(command));
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
  }

  @Override
  public void requestStatus(RequestStatus status) {
    table.add(status);
  }

  @Override
  public void rejected(RejectedEvent rejected) {
    silent = false;
    table.add(rejected);
    Terminal.line(
        "       REJECTED %s: %s. %s", rejected.reason(), rejected.message(), rejected.remedy());
  }

  @Override
  public boolean expires(Instant before) {
    return table.expires(before);
  }

  @Override
  public boolean end() {
    Terminal.line();
    Terminal.line("Products");
    for (var p : table.products()) {
      Terminal.line(
          "  %-18s %-10s %d sources, %d approved of %d requests",
          p.getProductId(),
          p.getState(),
          p.getStats().getDataSourceCount(),
          p.getStats().getApprovedRequestCount(),
          p.getStats().getTotalRequestCount());
    }
    Terminal.line();
    Terminal.line("Access, with its reasons");
    var access = table.access();
    if (access.isEmpty()) {
      Terminal.line("  (no access)");
    }
    access.forEach(
        (pair, why) ->
            Terminal.line(
                "  %-10s %-24s %-12s through %s",
                pair.userId(), pair.sourceId(), pair.sourceType(), String.join(" and ", why)));
    var wrong = table.disagreements();
    if (wrong.isEmpty()) {
      Terminal.line();
      Terminal.line("The commands add up to exactly this.");
    }
    wrong.forEach(line -> Terminal.line("The commands add up to something else: " + line));
    return wrong.isEmpty();
  }
}
