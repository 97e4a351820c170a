package dev.sluice.update;

/** The internal topic between the stages. */
public final class UpdatesTopic {

  /** Name of the repartitioning; Streams makes the topic's name of it. */
  public static final String NAME = "access-updates";

  private UpdatesTopic() {}

  /** The topic's name, as Streams makes it. */
  public static String of(String applicationId) {
    return applicationId + "-" + NAME + "-repartition";
  }
}
