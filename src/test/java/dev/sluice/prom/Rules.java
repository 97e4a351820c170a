package dev.sluice.prom;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** The rules and questions of deploy/, with all their times shortened. */
public final class Rules {
  private static final Path FILE = Path.of("deploy/prometheus/rules.yml");

  private static final Pattern DURATION =
      Pattern.compile("(?<=\\[|offset |for: )(\\d+)([smh])(?=\\]|\\D)");

  /** A comparison with seconds; compared counts have one digit, or a {@code >=}. */
  private static final Pattern SECONDS = Pattern.compile("(?<= > )\\d{2,}(?!\\d)");

  private Rules() {}

  /** All rules, with times divided by that. */
  public static String shortened(int by) throws IOException {
    return shortened(Files.readString(FILE), by);
  }

  /** An expression or rules, with times divided by that. */
  public static String shortened(String text, int by) {
    if (by == 1) {
      return text;
    }
    var durations =
        DURATION
            .matcher(text)
            .replaceAll(m -> ms(Long.parseLong(m.group(1)), m.group(2)) / by + "ms");
    return SECONDS
        .matcher(durations)
        .replaceAll(m -> Double.toString(Double.parseDouble(m.group()) / by));
  }

  private static long ms(long count, String unit) {
    return count
        * switch (unit) {
          case "s" -> 1_000;
          case "m" -> 60_000;
          default -> 3_600_000;
        };
  }
}
