package dev.sluice.serde;

import static dev.sluice.serde.OutageClassifier.Meaning.MISCONFIGURED;
import static dev.sluice.serde.OutageClassifier.Meaning.OUTAGE;
import static dev.sluice.serde.OutageClassifier.Meaning.REFUSAL;
import static dev.sluice.serde.OutageClassifier.Meaning.UNKNOWN_SCHEMA;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParseException;
import dev.sluice.registry.IncompatibleSchemaException;
import dev.sluice.registry.RegistryUnavailableException;
import dev.sluice.registry.SchemaNotFoundException;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import org.apache.avro.SchemaParseException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OutageClassifierTest {

  @ParameterizedTest
  @MethodSource({
    "dev.sluice.serde.ConfluentFailures#outages",
    "dev.sluice.serde.ConfluentFailures#notFoundByOthers"
  })
  void shouldTakeARegistryThatCannotBeAskedForAnOutage(RuntimeException error) {
    assertThat(OutageClassifier.reading(error)).isEqualTo(OUTAGE);
    assertThat(OutageClassifier.writing(error)).isEqualTo(OUTAGE);
    assertThat(OutageClassifier.whileReading(error))
        .isInstanceOf(RetriableException.class)
        .hasMessageStartingWith("the schema registry ")
        .hasMessageMatching(".*; (check|look at its log).*")
        .hasCause(error);
    assertThat(OutageClassifier.isOfRegistry(OutageClassifier.whileWriting(error))).isTrue();
  }

  @ParameterizedTest
  @MethodSource("dev.sluice.serde.ConfluentFailures#unknown")
  void shouldTakeTheRegistrysOwn404ForAnAnswer(RuntimeException error) {
    assertThat(OutageClassifier.reading(error)).isEqualTo(UNKNOWN_SCHEMA);
    assertThat(OutageClassifier.writing(error)).isEqualTo(REFUSAL);
    assertThat(OutageClassifier.whileReading(error)).isSameAs(error);
    assertThat(OutageClassifier.whileWriting(error)).isSameAs(error);
  }

  @ParameterizedTest
  @MethodSource("dev.sluice.serde.ConfluentFailures#refusals")
  void shouldTakeARefusedSchemaForAnAnswer(RuntimeException error) {
    assertThat(OutageClassifier.writing(error)).isEqualTo(REFUSAL);
  }

  @Test
  void shouldWaitForARegistryThatAnswersAQuestionWithAConflict() {
    for (var code : new int[] {409, 40901}) {
      var answer = new ConfluentFailures.Answer(409, code);
      assertThat(OutageClassifier.reading(answer.newer())).isEqualTo(OUTAGE);
      assertThat(OutageClassifier.reading(answer.older())).isEqualTo(OUTAGE);
    }
  }

  @Test
  void shouldNameWhatToCheckByTheStatus() {
    assertThat(OutageClassifier.whileReading(new ConfluentFailures.Answer(401, 40101).newer()))
        .hasMessage(
            "the schema registry does not accept the credentials (HTTP 401); check"
                + " basic.auth.user.info or bearer.auth.token, and that user's rights");
    assertThat(OutageClassifier.whileReading(new ConfluentFailures.Answer(403, 403).older()))
        .hasMessageContaining("does not accept the credentials (HTTP 403)");
    assertThat(OutageClassifier.whileWriting(new ConfluentFailures.Answer(429, 42901).newer()))
        .hasMessage("the schema registry is overloaded or broken (HTTP 429); look at its log");
    assertThat(OutageClassifier.whileWriting(new ConfluentFailures.Answer(404, 404).newer()))
        .hasMessageContaining("gave no answer of a registry (HTTP 404)");
  }

  @Test
  void shouldTakeCredentialsBelowASerializerForTheRegistrys() {
    assertThat(OutageClassifier.reading(new SaslAuthenticationException("no token")))
        .isEqualTo(OUTAGE);
    assertThat(OutageClassifier.writing(new TopicAuthorizationException("no"))).isEqualTo(OUTAGE);
  }

  @Test
  void shouldRejectNothingForASerializerThatCannotWorkAsConfigured() {
    var error = new InvalidConfigurationException("SchemaRegistryClient not found");

    assertThat(OutageClassifier.reading(error)).isEqualTo(MISCONFIGURED);
    assertThat(OutageClassifier.writing(error)).isEqualTo(MISCONFIGURED);
    assertThat(OutageClassifier.whileReading(error)).isSameAs(error);
  }

  @Test
  void shouldTellAnAnswerThatIsNoJsonFromASchemaThatIsNone() {
    var html = new JsonParseException(null, "Unexpected character '<'");

    assertThat(OutageClassifier.reading(new SerializationException("no", html))).isEqualTo(OUTAGE);
    assertThat(
            OutageClassifier.reading(
                new SerializationException("no", new SchemaParseException(html))))
        .isEqualTo(REFUSAL);
  }

  @Test
  void shouldKeepTheMeaningOfOwnExceptions() {
    var away = new RegistryUnavailableException("down", null);

    assertThat(OutageClassifier.whileReading(away)).isSameAs(away);
    assertThat(OutageClassifier.reading(new SchemaNotFoundException(40403, "no")))
        .isEqualTo(UNKNOWN_SCHEMA);
    assertThat(OutageClassifier.writing(new SchemaNotFoundException(40401, "no")))
        .isEqualTo(REFUSAL);
    assertThat(OutageClassifier.writing(new IncompatibleSchemaException("no default")))
        .isEqualTo(REFUSAL);
  }

  @Test
  void shouldTellTheNetworkFromBytes() {
    assertThat(OutageClassifier.reading(new SerializationException("no", new ConnectException())))
        .isEqualTo(OUTAGE);
    assertThat(OutageClassifier.writing(new SerializationException("no", new ProtocolException())))
        .isEqualTo(OUTAGE);
    assertThat(OutageClassifier.reading(new SerializationException("no", new EOFException())))
        .isEqualTo(REFUSAL);
    assertThat(OutageClassifier.isPassing(new SerializationException("no", new EOFException())))
        .isFalse();
    assertThat(OutageClassifier.isPassing(new IllegalStateException(new IOException("reset"))))
        .isTrue();
  }
}
