package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingTest {
  private static final SluiceConfig DEFAULTS = SluiceConfig.of(Map.of());

  @Test
  void valueHasTheTypeOfItsSetting() {
    var config =
        SluiceConfig.of(
            Map.of(
                "threads", "3",
                "commit.interval.ms", "250",
                "topic.replication.factor", "2",
                "state.store", "memory",
                "approval.self.allowed", "true",
                "http.auth.file", "/etc/tokens",
                "http.advertised.address", "one:8080",
                "http.cors.origins", "https://a.example, https://b.example",
                "http.tls.keystore.password", "hush"));

    assertThat(config.get(WorkerKeys.THREADS)).isEqualTo(3);
    assertThat(config.get(WorkerKeys.COMMIT_INTERVAL)).isEqualTo(Duration.ofMillis(250));
    assertThat(config.get(KafkaKeys.TOPIC_REPLICATION_FACTOR)).isEqualTo((short) 2);
    assertThat(config.get(WorkerKeys.STATE_STORE)).isEqualTo(StateStore.MEMORY);
    assertThat(config.get(WorkerKeys.SELF_APPROVAL)).isTrue();
    assertThat(config.find(ApiKeys.AUTH_FILE)).isEqualTo(Path.of("/etc/tokens"));
    assertThat(config.find(ApiKeys.ADVERTISED_ADDRESS))
        .hasToString("HostInfo{host='one', port=8080}");
    assertThat(config.get(ApiKeys.CORS_ORIGINS))
        .isEqualTo(List.of("https://a.example", "https://b.example"));
    assertThat(config.get(ApiKeys.TLS_KEYSTORE_PASSWORD).value()).isEqualTo("hush");
    assertThat(config.get(ApiKeys.TLS_KEYSTORE_PASSWORD)).hasToString("[hidden]");
  }

  @Test
  void settingWithoutDefaultIsFoundOrNull() {
    assertThat(DEFAULTS.find(ApiKeys.AUTH_FILE)).isNull();
    assertThat(DEFAULTS.get(ApiKeys.CORS_ORIGINS)).isEmpty();
    assertThat(DEFAULTS.get(ApiKeys.TLS_KEYSTORE_PASSWORD).value()).isEmpty();
  }

  /** Also where a value was given: a test with one would not notice the mistake. */
  @Test
  void getRefusesSettingWithoutDefault() {
    var given = SluiceConfig.of(Map.of("http.auth.file", "/etc/tokens"));

    for (var config : List.of(DEFAULTS, given)) {
      assertThatThrownBy(() -> config.get(ApiKeys.AUTH_FILE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("http.auth.file has no default");
    }
  }

  @Test
  void everyDefaultIsAllowed() {
    assertThat(SluiceConfigDef.settings()).hasSizeGreaterThan(50);
    for (var setting : SluiceConfigDef.settings().values()) {
      var standard = setting.standard();
      if (standard != null) {
        setting.check(standard);
        assertThat(DEFAULTS.find(setting)).as(setting.key()).isNotNull();
      }
    }
  }
}
