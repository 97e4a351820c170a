package dev.sluice.dev.cli;

import dev.sluice.dev.bench.Figures;
import dev.sluice.dev.bench.Machine;
import dev.sluice.dev.bench.Measurement;
import java.util.Map;
import java.util.stream.Collectors;

/** Formats measurements for people. */
final class BenchTable {
  private static final int MIB = 1 << 20;

  private BenchTable() {}

  static String of(Machine machine) {
    return """
    JVM         %s
    processors  %d
    heap        at most %,d MiB
    OS          %s
    settings    %s
    """
        .formatted(
            machine.jvm(),
            machine.processors(),
            machine.heapBytesMax() / MIB,
            machine.os(),
            machine.settings().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(", ")));
  }

  static String of(Measurement m) {
    var text = new StringBuilder();
    text.append(
        "%s  %,d members, %,d sources, %d rounds, %s%n"
            .formatted(m.name(), m.members(), m.sources(), m.rounds(), m.unit()));
    text.append(
        "  %-8s%s%n"
            .formatted(
                "",
                m.measured().values().keySet().stream()
                    .map("%14s"::formatted)
                    .collect(Collectors.joining())));
    text.append(row(m.subject(), m.measured()));
    text.append(row("bare", m.bare()));
    text.append(row("ratio", m.ratio()));
    m.more().forEach((name, value) -> text.append("  %s: %s%n".formatted(name, shown(value))));
    return text.toString();
  }

  private static String shown(Object value) {
    return switch (value) {
      case Long number -> "%,d".formatted(number);
      case Double number -> "%.2f".formatted(number);
      case Map<?, ?> figures ->
          figures.entrySet().stream()
              .map(figure -> figure.getKey() + " " + shown(figure.getValue()))
              .collect(Collectors.joining(", "));
      default -> value.toString();
    };
  }

  private static String row(String name, Figures figures) {
    return "  %-8s%s%n"
        .formatted(
            name,
            figures.values().values().stream()
                .map(value -> (value < 1000 ? "%14.2f" : "%,14.0f").formatted(value))
                .collect(Collectors.joining()));
  }
}
