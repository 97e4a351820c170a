package dev.sluice.config;

import java.nio.file.Path;

/** Settings about the log of `run`. */
public final class LogKeys {
  static final SettingGroup GROUP = new SettingGroup("Logging");

  public static final Setting<String> FORMAT =
      GROUP
          .text("log.format", "plain")
          .oneOf("plain", "json")
          .doc(
              "How `run` logs: `plain` lines for people, or `json`, an object in each line, for"
                  + " programs.");

  public static final Setting<Path> LEVELS_FILE =
      GROUP
          .file("log.levels.file")
          .doc(
              "A file with lines such as `dev.sluice.access=DEBUG`, read every two seconds: it"
                  + " changes the levels of loggers while the worker runs. It need not exist. With"
                  + " `dev.sluice=DEBUG` there is a line for each event and what it leads to, with"
                  + " the event's id.");

  private LogKeys() {}
}
