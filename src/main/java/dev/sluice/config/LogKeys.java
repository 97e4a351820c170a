package dev.sluice.config;

import java.nio.file.Path;

/** Settings of the log of `run`. */
public final class LogKeys {
  static final SettingGroup GROUP = new SettingGroup("Logging");

  public static final Setting<String> FORMAT =
      GROUP
          .text("log.format", "plain")
          .oneOf("plain", "json")
          .doc(
              "Log format of `run`: `plain` lines for people, or `json`, one object per line, for"
                  + " programs.");

  public static final Setting<Path> LEVELS_FILE =
      GROUP
          .file("log.levels.file")
          .doc(
              "A file with lines such as `dev.sluice.access=DEBUG`, read every two seconds: it"
                  + " changes log levels while the worker runs. The file need not exist. With"
                  + " `dev.sluice=DEBUG`, the log has a line for each event and its effects, with"
                  + " the event's id.");

  private LogKeys() {}
}
