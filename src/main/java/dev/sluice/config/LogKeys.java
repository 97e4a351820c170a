package dev.sluice.config;

import org.apache.kafka.common.config.ConfigDef.Type;

/** Settings about what `run` logs. */
public final class LogKeys {
  static final String GROUP = "Logging";

  public static final String FORMAT_CONFIG = "log.format";
  static final String FORMAT_DEFAULT = "plain";
  static final String FORMAT_DOC =
      "How `run` logs: `plain` lines for people, or `json`, an object in each line, for programs.";

  public static final String LEVELS_FILE_CONFIG = "log.levels.file";
  static final String LEVELS_FILE_DOC =
      "A file with lines such as `dev.sluice.access=DEBUG`, read every two seconds: it changes the"
          + " levels of loggers while the worker runs. It need not exist. With `dev.sluice=DEBUG`"
          + " there is a line for each event and what it leads to, with the event's id.";

  private LogKeys() {}

  static void define(SluiceConfigDef def) {
    def.group(GROUP)
        .add(FORMAT_CONFIG, Type.STRING, FORMAT_DEFAULT, Allowed.oneOf("plain", "json"), FORMAT_DOC)
        .add(
            LEVELS_FILE_CONFIG,
            Type.STRING,
            null,
            Allowed.anything("the path of a file"),
            LEVELS_FILE_DOC);
  }
}
