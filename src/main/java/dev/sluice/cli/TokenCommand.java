package dev.sluice.cli;

import dev.sluice.auth.Role;
import dev.sluice.auth.TokenFile;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a token for the API. */
@Command(
    name = "token",
    mixinStandardHelpOptions = true,
    description = {
      "Make a token for the API. Standard error gets the token, for the caller. Standard output"
          + " gets its line for http.auth.file, which does not contain the token:",
      "  ./sluice token ana --role read >> tokens"
    })
final class TokenCommand implements Runnable {

  @Parameters(paramLabel = "NAME", description = "Name of the caller, without blanks.")
  private String name = "";

  @Option(
      names = "--role",
      paramLabel = "read|publish|publish-users|admin",
      required = true,
      split = ",",
      description = "Roles of the caller, separated by commas.")
  private List<String> roles = List.of();

  @Option(
      names = "--days",
      paramLabel = "N",
      description =
          "Number of days until the token expires; without it, the token does not expire.")
  private @Nullable Integer days;

  @Override
  public void run() {
    if (!name.matches("[^\\s#]\\S*")) {
      throw new UsageException(
          "NAME is \"" + name + "\"; it must not be empty, begin with # or contain blanks");
    }
    if (days != null && days < 1) {
      throw new UsageException("--days is " + days + "; it must be at least 1");
    }
    Set<Role> known = EnumSet.noneOf(Role.class);
    for (var role : roles) {
      known.add(
          Role.named(role)
              .orElseThrow(
                  () ->
                      new UsageException(
                          "--role is " + role + "; give read, publish, publish-users or admin")));
    }
    var until =
        days == null
            ? null
            : Instant.now().plus(days, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS);
    var made = TokenFile.make(name, known, until);
    Terminal.note("The token, which cannot be shown again: " + made.token());
    Terminal.line(made.line());
  }
}
