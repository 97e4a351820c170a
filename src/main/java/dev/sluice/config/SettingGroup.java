package dev.sluice.config;

import dev.sluice.config.Setting.Draft;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/** A heading of the settings' documentation, with its settings in the order of their definition. */
record SettingGroup(String name, List<Setting<?>> settings) {

  SettingGroup(String name) {
    this(name, new ArrayList<>());
  }

  Draft<String> text(String key, @Nullable String standard) {
    return draft(key, Type.STRING, standard, SettingValidator.anything("a text"), Object::toString);
  }

  /** A file's path, without a default. */
  Draft<Path> file(String key) {
    return text(key, null).allowed(SettingValidator.anything("the path of a file")).as(Path::of);
  }

  Draft<Integer> integer(String key, int standard) {
    return draft(
        key,
        Type.INT,
        standard,
        SettingValidator.between(Integer.MIN_VALUE, Integer.MAX_VALUE),
        Integer.class::cast);
  }

  Draft<Long> number(String key, long standard) {
    return draft(
        key,
        Type.LONG,
        standard,
        SettingValidator.between(Long.MIN_VALUE, Long.MAX_VALUE),
        Long.class::cast);
  }

  /** A duration, written in milliseconds. */
  Draft<Duration> millis(String key, long standard) {
    return number(key, standard).as(Duration::ofMillis);
  }

  Draft<Boolean> flag(String key, boolean standard) {
    return draft(key, Type.BOOLEAN, standard, SettingValidator.trueOrFalse(), Boolean.class::cast);
  }

  /** Texts separated by commas. */
  Draft<List<String>> list(String key, @Nullable String standard) {
    return draft(
        key,
        Type.LIST,
        standard,
        SettingValidator.anything("a list"),
        value -> ((List<?>) value).stream().map(Object::toString).toList());
  }

  /** A text that is hidden in logs, errors and pages; without a default. */
  Draft<Password> secret(String key) {
    return draft(
        key, Type.PASSWORD, null, SettingValidator.secret("a password"), Password.class::cast);
  }

  private <T> Draft<T> draft(
      String key,
      Type type,
      @Nullable Object standard,
      SettingValidator settingValidator,
      Function<Object, T> reader) {
    return new Draft<>(this, key, type, standard, settingValidator, reader, null);
  }
}
