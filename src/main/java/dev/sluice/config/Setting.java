package dev.sluice.config;

import java.util.function.Function;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.jspecify.annotations.Nullable;

/**
 * A setting: its key, default, allowed values and description, defined once, with the type of the
 * value that {@link SluiceConfig#get} returns. {@code toString} returns the key.
 */
public final class Setting<T> {
  private final Draft<T> draft;
  private final String doc;

  private Setting(Draft<T> draft, String doc) {
    this.draft = draft;
    this.doc = doc;
  }

  /** Returns the key, as in a settings file. */
  public String key() {
    return draft.key;
  }

  @Override
  public String toString() {
    return draft.key;
  }

  /** Returns its heading in the documentation. */
  String group() {
    return draft.group.name();
  }

  /** Completes the sentence "it must be …". */
  String allowed() {
    return draft.allowed.description();
  }

  String doc() {
    return doc;
  }

  boolean isSecret() {
    return draft.type == Type.PASSWORD;
  }

  /** Returns whether it always has a value. */
  boolean isAlwaysPresent() {
    return draft.standard != null || draft.absent != null;
  }

  /** Returns the default as written in a file; null for none. */
  @Nullable String standard() {
    return ConfigDef.convertToString(
        ConfigDef.parseType(draft.key, draft.standard, draft.type), draft.type);
  }

  /**
   * Checks a text.
   *
   * @throws org.apache.kafka.common.config.ConfigException for an invalid value; its message may
   *     contain the value
   */
  void check(String text) {
    draft.allowed.ensureValid(draft.key, ConfigDef.parseType(draft.key, text, draft.type));
  }

  /**
   * Returns the value in the setting's own type; null for none.
   *
   * @param parsed the value as ConfigDef parses it
   */
  @Nullable T read(@Nullable Object parsed) {
    return parsed == null ? draft.absent : draft.reader.apply(parsed);
  }

  void define(ConfigDef def, int place) {
    def.define(
        draft.key,
        draft.type,
        draft.standard,
        draft.allowed,
        Importance.MEDIUM,
        doc,
        group(),
        place,
        Width.NONE,
        draft.key);
  }

  /**
   * A setting without a description; {@link #doc} completes it and adds it to its group.
   *
   * @param standard the default, in ConfigDef's type; null for none
   * @param absent the value if there is neither a default nor a value
   */
  record Draft<T>(
      SettingGroup group,
      String key,
      Type type,
      @Nullable Object standard,
      SettingValidator allowed,
      Function<Object, T> reader,
      @Nullable T absent) {

    Draft<T> between(long min, long max) {
      return allowed(SettingValidator.between(min, max));
    }

    Draft<T> oneOf(String... names) {
      return allowed(SettingValidator.oneOf(names));
    }

    Draft<T> allowed(SettingValidator values) {
      return new Draft<>(group, key, type, standard, values, reader, absent);
    }

    Draft<T> orElse(T value) {
      return new Draft<>(group, key, type, standard, allowed, reader, value);
    }

    <R> Draft<R> as(Function<T, R> conversion) {
      return new Draft<>(group, key, type, standard, allowed, reader.andThen(conversion), null);
    }

    Setting<T> doc(String meaning) {
      var setting = new Setting<>(this, meaning);
      group.settings().add(setting);
      return setting;
    }
  }
}
