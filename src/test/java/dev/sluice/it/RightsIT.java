package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sluice.config.SluiceConfig;
import dev.sluice.embedded.EmbeddedKafka;
import dev.sluice.embedded.EmbeddedKafkaSettings;
import dev.sluice.event.Events;
import dev.sluice.runtime.StartException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A broker that asks for credentials and rights. */
class RightsIT {
  private static final String PASSWORD = "correct-horse-battery";
  private static final String WRONG = "wrong-horse-battery";
  private static final String MODULE =
      "org.apache.kafka.common.security.plain.PlainLoginModule required";

  private static final ListAppender<ILoggingEvent> LOG = new ListAppender<>();
  private static EmbeddedKafka kafka;
  private static int secured;
  @TempDir private static Path folder;

  @BeforeAll
  static void start() throws Exception {
    int open;
    int controller;
    try (var one = new ServerSocket(0);
        var two = new ServerSocket(0);
        var three = new ServerSocket(0)) {
      open = one.getLocalPort();
      controller = two.getLocalPort();
      secured = three.getLocalPort();
    }
    var listeners = "BROKER://127.0.0.1:%d,SECURED://127.0.0.1:%d".formatted(open, secured);
    kafka =
        EmbeddedKafka.start(
            EmbeddedKafkaSettings.temporary()
                .withBrokerPort(open)
                .withControllerPort(controller)
                .withProperties(
                    Map.of(
                        "listeners",
                        listeners + ",CONTROLLER://127.0.0.1:" + controller,
                        "advertised.listeners",
                        listeners,
                        "listener.security.protocol.map",
                        "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURED:SASL_PLAINTEXT",
                        "sasl.enabled.mechanisms",
                        "PLAIN",
                        "listener.name.secured.plain.sasl.jaas.config",
                        MODULE + " user_sluice=\"" + PASSWORD + "\";",
                        "authorizer.class.name",
                        "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                        "super.users",
                        "User:ANONYMOUS")));
    LOG.start();
    root().addAppender(LOG);
  }

  @AfterAll
  static void stop() {
    root().detachAppender(LOG);
    kafka.close();
  }

  private static Logger root() {
    return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  private static SluiceConfig config(String id, String password) {
    return Scene.config(
        "127.0.0.1:" + secured,
        id,
        folder.resolve(id),
        Map.of(
            "kafka.security.protocol",
            "SASL_PLAINTEXT",
            "kafka.sasl.mechanism",
            "PLAIN",
            "kafka.sasl.jaas.config",
            MODULE + " username=\"sluice\" password=\"" + password + "\";"));
  }

  private static AclBinding right(ResourceType type, String prefix, AclOperation operation) {
    return new AclBinding(
        new ResourcePattern(type, prefix, PatternType.PREFIXED),
        new AccessControlEntry("User:sluice", "*", operation, AclPermissionType.ALLOW));
  }

  private static void assertNoSecretWasLogged() {
    for (var event : List.copyOf(LOG.list)) {
      assertThat(event.getFormattedMessage()).doesNotContain(PASSWORD).doesNotContain(WRONG);
    }
  }

  @Test
  void shouldNotStartWithAWrongPasswordAndNotTellIt() {
    assertThatThrownBy(() -> Scene.start(config("wrong", WRONG)))
        .isInstanceOf(StartException.class)
        .hasMessageStartingWith("Kafka at 127.0.0.1:" + secured + " refuses the worker: ")
        .hasMessageContaining("check the user and the password")
        .hasMessageNotContaining(WRONG);
    assertNoSecretWasLogged();
  }

  @Test
  void shouldNotStartWithCredentialsThatAreWrittenWrongly() {
    var config =
        Scene.config(
            "127.0.0.1:" + secured,
            "written",
            folder.resolve("written"),
            Map.of(
                "kafka.security.protocol",
                "SASL_PLAINTEXT",
                "kafka.sasl.mechanism",
                "PLAIN",
                "kafka.sasl.jaas.config",
                MODULE + " username=\"sluice\" password=" + WRONG));

    assertThatThrownBy(() -> Scene.start(config))
        .isInstanceOf(StartException.class)
        .hasMessageStartingWith("cannot start with Kafka at 127.0.0.1:" + secured)
        .hasMessageNotContaining(WRONG);
    assertNoSecretWasLogged();
  }

  @Test
  void shouldNotStartWithoutRightsAndEndWhenTheyAreWithdrawn() throws Exception {
    var config = config("rights", PASSWORD);
    assertThatThrownBy(() -> Scene.start(config))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("Not authorized to access topics: [rights")
        .hasMessageContaining("give the user that the worker is to Kafka the right to it");

    var rights = new ArrayList<AclBinding>();
    for (var operation :
        List.of(
            AclOperation.CREATE,
            AclOperation.DELETE,
            AclOperation.DESCRIBE_CONFIGS,
            AclOperation.READ,
            AclOperation.WRITE)) {
      rights.add(right(ResourceType.TOPIC, "rights", operation));
    }
    rights.add(right(ResourceType.GROUP, "rights", AclOperation.READ));
    rights.add(right(ResourceType.TRANSACTIONAL_ID, "rights", AclOperation.WRITE));
    try (var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin.createAcls(rights).all().get();

      try (var worker = Scene.running(config)) {
        Scene.publish(config, Events.published("p1", "s1"), Events.approved("p1", "r1", "ana"));
        Scene.awaitCommands(config, 1);

        admin
            .deleteAcls(List.of(right(ResourceType.TOPIC, "rights", AclOperation.WRITE).toFilter()))
            .all()
            .get();
        admin
            .createAcls(List.of(right(ResourceType.TOPIC, "rights.product-ev", AclOperation.WRITE)))
            .all()
            .get();
        Scene.publish(config, Events.approved("p1", "r2", "ben"));

        assertThat(Scene.endOf(worker))
            .hasMessageContaining("Not authorized to access topics")
            .hasMessageContaining("give the user that the worker is to Kafka the right to it");
      }
    }
    assertNoSecretWasLogged();
  }
}
