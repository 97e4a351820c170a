package dev.sluice.cli;

/** How results are written to standard output. */
public enum OutputFormat {
  /** For people. */
  table,
  /** For programs: one JSON object a line. */
  json
}
