package dev.sluice.config;

import java.time.Duration;
import java.util.Locale;

/** Settings of delivery: which commands a platform has confirmed. */
public final class DeliveryKeys {
  static final SettingGroup GROUP = new SettingGroup("Delivery");

  private static final long DEADLINE_MAX_MS = 31_536_000_000L;

  /** Where a new group begins. */
  public enum Start {
    /** With commands that are written from now on. */
    LATEST,
    /** With the oldest commands that the topic holds. */
    EARLIEST
  }

  public static final Setting<Boolean> ENABLED =
      GROUP
          .flag("delivery.enabled", false)
          .doc(
              "Whether `run` also runs delivery, in the worker's process. `./sluice delivery` runs"
                  + " it as a process of its own, whatever this setting says. Without delivery,"
                  + " nothing reads access-results, and its topics are not needed.");

  public static final Setting<Start> START =
      GROUP
          .text("delivery.start", "latest")
          .oneOf("latest", "earliest")
          .as(name -> Start.valueOf(name.toUpperCase(Locale.ROOT)))
          .doc(
              "Where delivery begins at its first start. `latest`: only commands count that are"
                  + " written from then on, and only results that are written from then on are"
                  + " read. `earliest`: all commands and results count that the topics hold; every"
                  + " command whose result is missing is outstanding, and overdue if it is old."
                  + " Later starts continue where delivery stopped.");

  public static final Setting<Duration> GRANT_DEADLINE =
      GROUP
          .millis("delivery.grant.deadline.ms", 900_000)
          .between(1_000, DEADLINE_MAX_MS)
          .doc(
              "Time after which a GRANT that is not confirmed is overdue, in milliseconds. A"
                  + " command that is overdue stays so if the setting is changed.");

  public static final Setting<Duration> REVOKE_DEADLINE =
      GROUP
          .millis("delivery.revoke.deadline.ms", 300_000)
          .between(1_000, DEADLINE_MAX_MS)
          .doc("The same for a REVOKE: until it is confirmed, somebody may still have access.");

  public static final Setting<Duration> RESULT_HOLD =
      GROUP
          .millis("delivery.result.hold.ms", 600_000)
          .between(1_000, 86_400_000)
          .doc(
              "Time for which a result that was read before its command waits for it, in"
                  + " milliseconds. Commands and results are read apart. After that time the result"
                  + " is dropped and counted as `unmatched`.");

  public static final Setting<Integer> THREADS =
      GROUP
          .integer("delivery.stream.threads", 1)
          .between(1, 256)
          .doc("Number of threads of delivery in this process.");

  private DeliveryKeys() {}
}
