package dev.sluice.update;

/** The internal topic between the stages. */
public final class UpdatesTopic {

  /** Name of the repartitioning; Streams derives the topic's name from it. */
  public static final String NAME = "access-updates";

  private UpdatesTopic() {}

  /** Returns the topic's name, as Streams derives it. */
  public static String of(String applicationId) {
    return applicationId + "-" + NAME + "-repartition";
  }
}
