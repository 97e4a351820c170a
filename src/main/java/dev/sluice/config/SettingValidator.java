package dev.sluice.config;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * A test for values of a setting, with a description for errors and the documentation.
 *
 * @param description completes the sentence "it must be …"
 */
record SettingValidator(String description, Predicate<Object> test) implements ConfigDef.Validator {
  private static final Pattern CLASS_NAME =
      Pattern.compile("[\\p{L}_$][\\p{L}\\p{N}_$]*(?:\\.[\\p{L}_$][\\p{L}\\p{N}_$]*)*");
  private static final Pattern BEARER_TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");
  private static final String TOPIC_CHARACTERS = "letters, digits, '.', '_' and '-'";
  private static final Pattern TOPIC_NAME = Pattern.compile("[a-zA-Z0-9._-]*");

  /** Kafka's limit of 249, minus room for the names that Sluice and Streams append. */
  private static final int TOPIC_PART_MAX = 150;

  static SettingValidator anything(String description) {
    return new SettingValidator(description, value -> !value.toString().isBlank());
  }

  static SettingValidator userAndPassword() {
    return new SettingValidator(
        "user:password", value -> value instanceof Password secret && secret.value().contains(":"));
  }

  /** Accepts any text that is not blank. */
  static SettingValidator secret(String description) {
    return new SettingValidator(
        description, value -> value instanceof Password secret && !secret.value().isBlank());
  }

  static SettingValidator bearerToken() {
    return new SettingValidator(
        "a bearer token: letters, digits and -._~+/, with = at the end alone",
        value ->
            value instanceof Password secret
                && BEARER_TOKEN.matcher(secret.value().strip()).matches());
  }

  static SettingValidator trueOrFalse() {
    return new SettingValidator("true or false", value -> true);
  }

  static SettingValidator between(long min, long max) {
    return new SettingValidator(
        "a number from " + min + " to " + max, value -> isBetween(value, min, max));
  }

  static SettingValidator minusOneOrBetween(long min, long max) {
    return new SettingValidator(
        "-1, or a number from " + min + " to " + max,
        value -> isBetween(value, -1, -1) || isBetween(value, min, max));
  }

  static SettingValidator oneOf(String... names) {
    return new SettingValidator(choice(names), value -> List.of(names).contains(value.toString()));
  }

  static SettingValidator className() {
    return new SettingValidator("the full name of a class", SettingValidator::isClassName);
  }

  static SettingValidator oneOfOrClassName(String... names) {
    return new SettingValidator(
        String.join(", ", names) + ", or the full name of a class",
        value ->
            List.of(names).contains(value.toString())
                || (isClassName(value) && value.toString().contains(".")));
  }

  static SettingValidator topicPrefix() {
    return new SettingValidator(
        "empty, or at most " + TOPIC_PART_MAX + " " + TOPIC_CHARACTERS,
        SettingValidator::isTopicPart);
  }

  static SettingValidator topicPart() {
    return new SettingValidator(
        "1 to " + TOPIC_PART_MAX + " " + TOPIC_CHARACTERS,
        value -> isTopicPart(value) && !value.toString().isEmpty());
  }

  static SettingValidator listOf(String description, Pattern element) {
    return listOf(description, element.asMatchPredicate());
  }

  static SettingValidator listOf(String description, Predicate<String> element) {
    return new SettingValidator(
        description,
        value ->
            value instanceof List<?> list
                && !list.isEmpty()
                && list.stream().allMatch(each -> element.test(each.toString())));
  }

  @Override
  public void ensureValid(String name, @Nullable Object value) {
    if (value != null && !test.test(value)) {
      throw new ConfigException(name + " must be " + description);
    }
  }

  private static boolean isBetween(Object value, long min, long max) {
    return value instanceof Number number && number.longValue() >= min && number.longValue() <= max;
  }

  private static boolean isClassName(Object value) {
    return CLASS_NAME.matcher(value.toString()).matches();
  }

  private static boolean isTopicPart(Object value) {
    String name = value.toString();
    return name.length() <= TOPIC_PART_MAX && TOPIC_NAME.matcher(name).matches();
  }

  private static String choice(String... names) {
    if (names.length == 1) {
      return names[0];
    }
    var allButLast = Arrays.copyOf(names, names.length - 1);
    return String.join(", ", allButLast) + " or " + names[names.length - 1];
  }
}
