package dev.sluice.cli;

import dev.sluice.delivery.CommandAction;
import dev.sluice.delivery.DeliveryState;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows outstanding commands. */
@Command(
    name = "deliveries",
    mixinStandardHelpOptions = true,
    description = {
      "Show the commands that no platform has confirmed. With --overdue and without --user, the"
          + " oldest of each action and type come first."
    })
final class AskDeliveries implements Runnable {

  @Option(names = "--overdue", description = "Only commands whose deadline has passed.")
  private boolean overdue;

  @Option(
      names = "--state",
      paramLabel = "STATE",
      description = "Only commands in this state: ${COMPLETION-CANDIDATES}. Repeatable.")
  private List<DeliveryState> states = new ArrayList<>();

  @Option(
      names = "--action",
      paramLabel = "ACTION",
      description = "Only commands with this action: ${COMPLETION-CANDIDATES}. Repeatable.")
  private List<CommandAction> actions = new ArrayList<>();

  @Option(
      names = "--source-type",
      paramLabel = "TYPE",
      description = "Only commands for sources of this type.")
  private String sourceType = "";

  @Option(
      names = "--source",
      paramLabel = "SOURCE",
      description = "Only commands for sources with this id.")
  private String source = "";

  @Option(names = "--user", paramLabel = "USER", description = "Only commands for this user.")
  private String user = "";

  @Mixin private LimitOption length = new LimitOption();

  @Mixin private ApiOptions api = new ApiOptions();

  @Override
  public void run() {
    var path = new StringBuilder("/v1/deliveries?overdue=" + overdue);
    states.forEach(state -> path.append("&state=").append(state));
    actions.forEach(action -> path.append("&action=").append(action));
    add(path, "sourceType", sourceType);
    add(path, "source", source);
    add(path, "user", user);
    api.show(
        api.list(path.toString(), length.max()),
        "action",
        "userId",
        "sourceId",
        "sourceType",
        "state",
        "commandedAt",
        "overdueSince",
        "attempts",
        "errorClass",
        "code",
        "message",
        "executor");
  }

  private static void add(StringBuilder path, String name, String value) {
    if (!value.isEmpty()) {
      path.append('&').append(name).append('=').append(ApiOptions.encoded(value));
    }
  }
}
