package dev.sluice.app;

import dev.sluice.config.ExecutorKeys;
import dev.sluice.config.InvalidConfigException;
import dev.sluice.config.Setting;
import dev.sluice.config.SluiceConfig;
import dev.sluice.executor.Backoff;
import dev.sluice.executor.BrakeLimits;
import dev.sluice.executor.ExecutorRules;
import dev.sluice.executor.jdbc.JdbcPlatforms;
import dev.sluice.executor.platform.DriverFolder;
import dev.sluice.executor.platform.GrantTarget;
import dev.sluice.executor.platform.GrantTargetProvider;
import dev.sluice.executor.platform.LetterCase;
import dev.sluice.executor.platform.NameTemplate;
import dev.sluice.executor.platform.Names;
import dev.sluice.executor.platform.TargetSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The parts of an executor, as configured.
 *
 * @param sourceTypes the types whose commands it carries out
 */
public record ExecutorSetup(
    GrantTarget target, Names names, ExecutorRules rules, Set<String> sourceTypes) {
  private static final int SHARE_COUNT_MIN = 20;
  private static final String BY_ROLE = "role";

  /**
   * Reads the configuration. The platform is not connected to yet.
   *
   * @throws InvalidConfigException if something is missing or does not fit
   */
  public static ExecutorSetup of(SluiceConfig config) {
    var platform = required(config, ExecutorKeys.PLATFORM);
    var types = Set.copyOf(config.get(ExecutorKeys.SOURCE_TYPES));
    if (types.isEmpty()) {
      throw missing(ExecutorKeys.SOURCE_TYPES);
    }
    if (types.size() > 1 && !isNone(config.get(ExecutorKeys.SOURCE_TEMPLATE))) {
      throw new InvalidConfigException(
          "%s has several types, so %s must be none: one id under two types would get one name"
              .formatted(ExecutorKeys.SOURCE_TYPES, ExecutorKeys.SOURCE_TEMPLATE));
    }
    try {
      var drivers = DriverFolder.open(config.get(ExecutorKeys.DRIVERS_DIR));
      var target = provider(platform, drivers).open(settings(config, drivers));
      var names =
          new Names(templates(config), config.find(ExecutorKeys.NAMES_FILE), target.caseRule());
      return new ExecutorSetup(target, names, rules(config), types);
    } catch (IllegalArgumentException e) {
      throw new InvalidConfigException(String.valueOf(e.getMessage()));
    }
  }

  private static <T> T required(SluiceConfig config, Setting<T> setting) {
    var value = config.find(setting);
    if (value == null) {
      throw missing(setting);
    }
    return value;
  }

  private static InvalidConfigException missing(Setting<?> setting) {
    return new InvalidConfigException(
        "%s is not set, and the executor needs it".formatted(setting));
  }

  private static GrantTargetProvider provider(String platform, ClassLoader drivers) {
    var known = new TreeMap<String, GrantTargetProvider>();
    for (var other : ServiceLoader.load(GrantTargetProvider.class, drivers)) {
      known.put(other.platform(), other);
    }
    JdbcPlatforms.all().forEach(own -> known.put(own.platform(), own));
    var provider = known.get(platform);
    if (provider == null) {
      throw new InvalidConfigException(
          "%s is %s, and must be one of %s"
              .formatted(ExecutorKeys.PLATFORM, platform, String.join(", ", known.keySet())));
    }
    return provider;
  }

  private static TargetSettings settings(SluiceConfig config, ClassLoader drivers) {
    var url = config.find(ExecutorKeys.URL);
    var password = config.find(ExecutorKeys.PASSWORD);
    return new TargetSettings(
        url == null ? "" : url,
        config.find(ExecutorKeys.USER),
        password == null ? null : password.value(),
        isByRole(config),
        config.get(ExecutorKeys.SCHEMA_USAGE),
        config.get(ExecutorKeys.REVOKE_CHECK).equals("effective"),
        config.get(ExecutorKeys.STATEMENT_TIMEOUT),
        drivers,
        properties(config.get(ExecutorKeys.PROPERTIES)));
  }

  private static Map<String, String> properties(List<String> list) {
    var properties = new HashMap<String, String>();
    list.forEach(
        each -> {
          var parts = each.split("=", 2);
          properties.put(parts[0], parts[1]);
        });
    return properties;
  }

  private static boolean isByRole(SluiceConfig config) {
    return config.get(ExecutorKeys.GRANT_BY).equals(BY_ROLE);
  }

  private static boolean isNone(String template) {
    return template.equals(ExecutorKeys.NONE);
  }

  private static Names.Templates templates(SluiceConfig config) {
    var sourceCase = letters(config.get(ExecutorKeys.SOURCE_CASE));
    NameTemplate role = null;
    if (isByRole(config)) {
      role = template(config, ExecutorKeys.ROLE_TEMPLATE, "sourceId", sourceCase);
      if (role == null || role.before().isBlank()) {
        throw new InvalidConfigException(
            "%s must begin with a prefix that no other role has"
                .formatted(ExecutorKeys.ROLE_TEMPLATE));
      }
    }
    return new Names.Templates(
        template(config, ExecutorKeys.SOURCE_TEMPLATE, "sourceId", sourceCase),
        template(
            config,
            ExecutorKeys.USER_TEMPLATE,
            "userId",
            letters(config.get(ExecutorKeys.USER_CASE))),
        role);
  }

  private static @Nullable NameTemplate template(
      SluiceConfig config, Setting<String> setting, String gap, LetterCase letters) {
    var text = config.get(setting);
    try {
      return isNone(text) ? null : NameTemplate.of(text, gap, letters);
    } catch (IllegalArgumentException e) {
      throw new InvalidConfigException("%s: %s".formatted(setting, e.getMessage()));
    }
  }

  private static LetterCase letters(String name) {
    return LetterCase.valueOf(name.toUpperCase(Locale.ROOT));
  }

  private static ExecutorRules rules(SluiceConfig config) {
    var retryMinMs = config.get(ExecutorKeys.RETRY_MIN).toMillis();
    var windowMs = config.get(ExecutorKeys.BRAKE_WINDOW).toMillis();
    return new ExecutorRules(
        config.get(ExecutorKeys.BATCH_MAX),
        new Backoff(
            retryMinMs, Math.max(retryMinMs, config.get(ExecutorKeys.RETRY_MAX).toMillis())),
        config.get(ExecutorKeys.PERSON_RETRY).toMillis(),
        config.get(ExecutorKeys.USER_GRACE).toMillis(),
        config.get(ExecutorKeys.BRAKE_SETTLE).toMillis(),
        new BrakeLimits(
            config.get(ExecutorKeys.BRAKE_REVOKES),
            config.get(ExecutorKeys.BRAKE_SHARE),
            SHARE_COUNT_MIN,
            windowMs),
        new BrakeLimits(config.get(ExecutorKeys.BRAKE_PLATFORM_REVOKES), 0, 0, windowMs),
        config.get(ExecutorKeys.EXISTING).equals("adopt"),
        required(config, ExecutorKeys.PLATFORM));
  }
}
