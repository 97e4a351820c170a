package dev.sluice.cli;

/** Formats of results on standard output. */
public enum OutputFormat {
  /** For people. */
  table,
  /** For programs: one JSON object per line. */
  json
}
