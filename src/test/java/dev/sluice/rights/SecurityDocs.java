package dev.sluice.rights;

import dev.sluice.rights.Right.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes the part of docs/security.md that lists the rights. */
final class SecurityDocs {
  static final String BEGIN = "<!-- rights: made from dev.sluice.rights.Right -->\n";
  static final String END = "<!-- end of rights -->\n";

  /** As the examples have them: everything at its default. */
  private static final RightNames NAMES = new RightNames("", "sluice", "snowflake-grants");

  private static final Map<Role, String> USERS =
      Map.of(
          Role.WORKER, "sluice",
          Role.PRODUCER, "marketplace-api",
          Role.USER_PRODUCER, "directory",
          Role.INTAKE, "sluice",
          Role.CONSUMER, "snowflake-grants",
          Role.DELIVERY, "sluice",
          Role.RESULTS, "snowflake-grants",
          Role.DELIVERY_READER, "access-operator",
          Role.OPERATOR, "access-operator");

  private SecurityDocs() {}

  static String render() {
    var text = new StringBuilder(BEGIN);
    for (var role : Role.values()) {
      var rights = Arrays.stream(Right.values()).filter(r -> r.role() == role).toList();
      text.append("\n### ").append(title(role)).append("\n\n");
      text.append("| to | names | right | because it |\n|---|---|---|---|\n");
      rights.forEach(right -> text.append(row(right)));
      text.append("\n```\n");
      commands(role, rights).forEach(line -> text.append(line).append("\n"));
      text.append("```\n");
    }
    return text.append("\n").append(END).toString();
  }

  private static String title(Role role) {
    return role.text().substring(0, 1).toUpperCase(Locale.ROOT) + role.text().substring(1);
  }

  private static String row(Right right) {
    return "| %s | %s | %s | %s |\n"
        .formatted(
            right.type().name().toLowerCase(Locale.ROOT).replace('_', ' '),
            right.patterns(new RightNames("", Right.APPLICATION, Right.GROUP)).stream()
                .map(name -> "`" + name + "`")
                .collect(Collectors.joining(", ")),
            right.operation(),
            right.why());
  }

  /** One for all rights to the same. */
  private static List<String> commands(Role role, List<Right> rights) {
    var byResource = new LinkedHashMap<Object, List<Right>>();
    for (var right : rights) {
      byResource.computeIfAbsent(right.resources(NAMES), any -> new ArrayList<>()).add(right);
    }
    var principal = "User:" + USERS.get(role);
    return byResource.values().stream()
        .map(same -> Right.command("localhost:9092", principal, NAMES, same))
        .toList();
  }
}
