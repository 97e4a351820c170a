package dev.sluice.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** Reads a file of Java properties in UTF-8, with the line of each setting. */
final class SettingsFile {
  private SettingsFile() {}

  static List<Assignment> read(Path file) {
    try {
      return parse(file, Files.readAllLines(file));
    } catch (NoSuchFileException e) {
      throw new InvalidConfigException("The settings file " + file + " does not exist.", e);
    } catch (CharacterCodingException e) {
      throw new InvalidConfigException("The settings file " + file + " is not in UTF-8.", e);
    } catch (IOException e) {
      throw new InvalidConfigException("The settings file " + file + " cannot be read: " + e, e);
    }
  }

  private static List<Assignment> parse(Path file, List<String> lines) throws IOException {
    var settings = new ArrayList<Assignment>();
    for (int first = 0; first < lines.size(); first++) {
      int last = first;
      while (!isComment(lines.get(first))
          && isContinued(lines.get(last))
          && last + 1 < lines.size()) {
        last++;
      }
      var origin = new SettingSource.Line(file, first + 1);
      for (var entry : parse(lines.subList(first, last + 1), origin).entrySet()) {
        settings.add(
            new Assignment((String) entry.getKey(), ((String) entry.getValue()).strip(), origin));
      }
      first = last;
    }
    return settings;
  }

  /** Reads at most one setting; Java's own reader handles the escapes. */
  private static Properties parse(List<String> lines, SettingSource settingSource)
      throws IOException {
    var properties = new Properties();
    try {
      properties.load(new StringReader(String.join("\n", lines)));
    } catch (IllegalArgumentException e) {
      throw new InvalidConfigException(
          "An escape that begins with \\u is malformed (" + settingSource + ").", e);
    }
    return properties;
  }

  private static boolean isComment(String line) {
    String text = line.stripLeading();
    return text.startsWith("#") || text.startsWith("!");
  }

  /** Returns whether the line ends in an odd number of backslashes. */
  private static boolean isContinued(String line) {
    int end = line.length();
    while (end > 0 && line.charAt(end - 1) == '\\') {
      end--;
    }
    return (line.length() - end) % 2 == 1;
  }
}
