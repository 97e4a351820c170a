package dev.sluice.query;

/** Nobody can answer for a partition now; in a moment somebody may. */
public final class PartMissingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String part;

  PartMissingException(Stage stage, int partition, String why) {
    super("partition %d of %s cannot be asked now: %s".formatted(partition, stage.what(), why));
    part = stage.what() + "-" + partition;
  }

  /** Which one, such as {@code users-3}. */
  public String part() {
    return part;
  }
}
