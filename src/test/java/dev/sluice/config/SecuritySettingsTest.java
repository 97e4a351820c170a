package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SecuritySettingsTest {

  @Test
  void shouldPassOAuthSettingsToEveryClientAndShowNoSecretOfThem() {
    var settings =
        Map.of(
            "kafka.security.protocol",
            "SASL_SSL",
            "kafka.sasl.mechanism",
            "OAUTHBEARER",
            "kafka.sasl.oauthbearer.token.endpoint.url",
            "https://login.example.com/token",
            "kafka.sasl.oauthbearer.client.credentials.client.id",
            "sluice",
            "kafka.sasl.oauthbearer.client.credentials.client.secret",
            "hush",
            "kafka.sasl.oauthbearer.scope",
            "kafka");
    var config = SluiceConfig.of(settings);

    settings.forEach(
        (key, value) -> {
          var name = key.substring("kafka.".length());
          assertThat(config.clientConfig()).containsEntry(name, value);
          assertThat(config.streamsConfig()).containsEntry(name, value);
        });
    assertThat(config.describe().toString()).doesNotContain("hush").contains("OAUTHBEARER");
    assertThat(config.published().toString()).doesNotContain("hush");
  }

  @Test
  void shouldKnowAStaticMemberByWhicheverNameItWasPassedThrough() {
    assertThat(SluiceConfig.of(Map.of()).isStaticMember()).isFalse();
    assertThat(SluiceConfig.of(Map.of("streams.group.instance.id", "w1")).isStaticMember())
        .isTrue();
    assertThat(
            SluiceConfig.of(Map.of("streams.main.consumer.group.instance.id", "w1"))
                .isStaticMember())
        .isTrue();
  }

  @Test
  void shouldRefuseAStaticMemberWhereTheBrokerSharesOutTheWork() {
    assertThatThrownBy(
            () ->
                SluiceConfig.of(
                    Map.of("group.protocol", "streams", "streams.group.instance.id", "w1")))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("do not support static members with group.protocol=streams")
        .hasMessageContaining("group.protocol=classic");
  }
}
