package dev.sluice.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Writes docs/configuration.md from the definitions of the settings. */
final class ConfigurationDocs {
  private static final String INTRODUCTION =
      """
      # Configuration

      <!-- Generated from the definitions in dev.sluice.config by `mvn test -Dtest=ConfigurationDocsTest -Dsluice.docs.write=true`. -->

      Every setting has a default that suits a broker and a registry on this machine. A setting can be given in
      three ways; each overrides those above it:

      | way | example |
      |---|---|
      | a properties file in UTF-8 | `commit.interval.ms=200` |
      | an environment variable: `SLUICE_`, then the key in upper case with `_` for `.` | `SLUICE_COMMIT_INTERVAL_MS=200` |
      | an option of the command line | `-o commit.interval.ms=200` |

      An unknown key or an invalid value prevents the start; the error names the source of the setting. Secrets are shown
      as `[hidden]`.
      """;

  private static final String ENVIRONMENT =
      """

      ## Environment

      `SLUICE_KAFKA_SECURITY_PROTOCOL` is `kafka.security.protocol`: settings for Kafka can be passed through too. Keys that begin with
      `sluice.` need not repeat the prefix: `SLUICE_SERIALIZER_CLASS` is `sluice.serializer.class`.

      These variables are not settings; the launcher and logging use them: %s.
      Variables that Kubernetes adds for a service named `sluice` are ignored: `SLUICE_SERVICE_…`, `SLUICE_PORT`, `SLUICE_PORT_…`.
      """;

  private static final String PASS_THROUGH =
      """

      ## Settings for Kafka's clients, Streams and the serializers

      | key | goes to |
      |---|---|
      | `kafka.…` | Kafka's clients, without the prefix: `kafka.security.protocol=SASL_SSL`, `kafka.sasl.jaas.config=…` |
      | `streams.…` | Kafka Streams, without the prefix: `streams.num.standby.replicas=1`, `streams.producer.linger.ms=5` |
      | %s, if not listed above | Confluent's serializers, unchanged; rejected with Sluice's own, which would ignore them |

      Sluice fixes these settings, since its guarantees depend on them: %s.
      These have a setting of Sluice's own instead: %s.
      """;

  private static final String SECRETS =
      """

      ## Secrets from other sources

      Kafka's config providers work for every setting. The providers `file`, `dir` and `env` need only be named; others
      need `config.providers.NAME.class` and accept `config.providers.NAME.param.…`.

      ```properties
      config.providers=file,env
      basic.auth.user.info=${file:/run/secrets/registry.properties:user.info}
      kafka.sasl.jaas.config=${env:KAFKA_JAAS}
      ```
      """;

  private ConfigurationDocs() {}

  static String render() {
    var text = new StringBuilder(INTRODUCTION);
    byGroup().forEach((group, settings) -> appendTable(text, group, settings));
    text.append(PASS_THROUGH.formatted(extras(), code(PassThrough.FIXED), own()));
    text.append(ENVIRONMENT.formatted(code(EnvironmentSettings.NOT_SETTINGS)));
    return text.append(SECRETS).toString();
  }

  private static Map<String, List<Setting<?>>> byGroup() {
    return SluiceConfigDef.settings().values().stream()
        .collect(Collectors.groupingBy(Setting::group, LinkedHashMap::new, Collectors.toList()));
  }

  private static void appendTable(StringBuilder text, String group, List<Setting<?>> settings) {
    text.append("\n## ").append(group).append("\n\n");
    text.append("| key | default | allowed | meaning |\n|---|---|---|---|\n");
    for (var setting : settings) {
      text.append("| `")
          .append(setting.key())
          .append("` | ")
          .append(standard(setting))
          .append(" | ")
          .append(setting.allowed())
          .append(" | ")
          .append(setting.doc())
          .append(" |\n");
    }
  }

  private static String standard(Setting<?> setting) {
    var standard = setting.standard();
    if (standard == null) {
      return "none";
    }
    return standard.isEmpty() ? "empty" : "`" + standard + "`";
  }

  private static String extras() {
    var names = new TreeSet<>(RegistryKeys.EXTRA_KEYS);
    RegistryKeys.EXTRA_PREFIXES.forEach(prefix -> names.add(prefix + "…"));
    return code(names);
  }

  private static String own() {
    return new TreeMap<>(PassThrough.SLUICE_KEYS)
        .entrySet().stream()
            .map(
                entry ->
                    entry.getKey().equals(entry.getValue())
                        ? "`" + entry.getKey() + "`"
                        : "`" + entry.getKey() + "` (`" + entry.getValue() + "`)")
            .collect(Collectors.joining(", "));
  }

  private static String code(Iterable<String> names) {
    var sorted = new TreeSet<String>();
    names.forEach(sorted::add);
    return sorted.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
  }
}
