package dev.sluice.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.avro.AccessAction;
import dev.sluice.delivery.Command;
import dev.sluice.delivery.CommandAction;
import dev.sluice.delivery.CommandNumber;
import dev.sluice.update.SourceRef;
import org.jspecify.annotations.Nullable;

/** Reads commands as {@code watch --output json} prints them. */
final class WatchedCommand {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String KIND = "command";

  private WatchedCommand() {}

  /**
   * Returns the command of a line; null if the line is empty, a comment, or shows something else.
   *
   * @param where the line's place, for messages
   * @throws UsageException if the line is not what {@code watch} prints
   */
  static @Nullable Command read(String line, String where) {
    var text = line.strip();
    if (text.isEmpty() || text.startsWith("#")) {
      return null;
    }
    try {
      var json = MAPPER.readTree(text);
      if (json == null || !json.isObject()) {
        throw new UsageException(where + ": not a JSON object");
      }
      return KIND.equals(json.path("kind").textValue()) ? command(json, where) : null;
    } catch (JsonProcessingException e) {
      throw new UsageException("%s: %s".formatted(where, e.getOriginalMessage()));
    }
  }

  private static Command command(JsonNode json, String where) {
    var action = text(json, "action", where);
    var known =
        action.equals(AccessAction.GRANT.name()) || action.equals(AccessAction.REVOKE.name());
    if (!known) {
      throw new UsageException("%s: action must be GRANT or REVOKE".formatted(where));
    }
    return new Command(
        text(json, "userId", where),
        new SourceRef(text(json, "sourceId", where), text(json, "sourceType", where)),
        CommandAction.valueOf(action),
        new CommandNumber(
            (int) number(json, "epoch", Integer.MAX_VALUE, where),
            number(json, "revision", Long.MAX_VALUE, where)),
        text(json, "productId", where),
        text(json, "reason", where),
        0);
  }

  private static String text(JsonNode json, String field, String where) {
    var value = json.path(field).textValue();
    if (value == null || value.isEmpty()) {
      throw new UsageException("%s: %s must be a text".formatted(where, field));
    }
    return value;
  }

  private static long number(JsonNode json, String field, long max, String where) {
    var value = json.path(field);
    if (!value.isIntegralNumber()
        || !value.canConvertToLong()
        || value.longValue() < 0
        || value.longValue() > max) {
      throw new UsageException("%s: %s must be a number, 0 or above".formatted(where, field));
    }
    return value.longValue();
  }
}
