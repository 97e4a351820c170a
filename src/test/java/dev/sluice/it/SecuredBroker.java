package dev.sluice.it;

import dev.sluice.config.SluiceConfig;
import dev.sluice.dev.embedded.EmbeddedKafka;
import dev.sluice.dev.embedded.EmbeddedKafkaSettings;
import dev.sluice.rights.Right;
import dev.sluice.rights.RightNames;
import dev.sluice.testing.FreePorts;
import dev.sluice.testing.Workers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclPermissionType;

/** A broker with TLS whose users have passwords, by SCRAM, and no right but what they are given. */
final class SecuredBroker implements AutoCloseable {
  private static final String MODULE =
      "org.apache.kafka.common.security.scram.ScramLoginModule required";
  private static final int ITERATIONS = 4096;

  private final EmbeddedKafka kafka;
  private final int port;
  private final Path trusted;
  private final Path keys;
  private final String storePassword;

  /** With all rights: it comes where no password is asked for. */
  private final Admin admin;

  private SecuredBroker(
      EmbeddedKafka kafka, int port, Path keys, Path trusted, String storePassword) {
    this.kafka = kafka;
    this.port = port;
    this.keys = keys;
    this.trusted = trusted;
    this.storePassword = storePassword;
    this.admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
  }

  /** Makes a certificate in that folder, protected by that password, and starts. */
  static SecuredBroker start(Path folder, String storePassword) throws Exception {
    var keys = folder.resolve("broker.p12");
    makeKeys(keys, storePassword);
    var trusted = folder.resolve("trusted.p12");
    trust(keys, trusted, storePassword);
    var open = FreePorts.next();
    var controller = FreePorts.next();
    var secured = FreePorts.next();
    var listeners = "BROKER://127.0.0.1:%d,SECURED://127.0.0.1:%d".formatted(open, secured);
    var properties = new HashMap<String, String>();
    properties.put("listeners", listeners + ",CONTROLLER://127.0.0.1:" + controller);
    properties.put("advertised.listeners", listeners);
    properties.put(
        "listener.security.protocol.map", "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURED:SASL_SSL");
    properties.put("sasl.enabled.mechanisms", "SCRAM-SHA-256");
    properties.put("listener.name.secured.scram-sha-256.sasl.jaas.config", MODULE + ";");
    properties.put("listener.name.secured.ssl.keystore.location", keys.toString());
    properties.put("listener.name.secured.ssl.keystore.type", "PKCS12");
    properties.put("listener.name.secured.ssl.keystore.password", storePassword);
    properties.put("listener.name.secured.ssl.key.password", storePassword);
    properties.put(
        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    properties.put("super.users", "User:ANONYMOUS");
    var kafka =
        EmbeddedKafka.start(
            EmbeddedKafkaSettings.lasting(folder.resolve("kafka"))
                .withBrokerPort(open)
                .withControllerPort(controller)
                .withProperties(properties));
    return new SecuredBroker(kafka, secured, keys, trusted, storePassword);
  }

  private static void makeKeys(Path file, String password) throws Exception {
    var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    var made =
        new ProcessBuilder(
                keytool,
                "-genkeypair",
                "-alias",
                "broker",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=ip:127.0.0.1,dns:localhost",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                password)
            .redirectErrorStream(true)
            .redirectOutput(file.resolveSibling("keytool.txt").toFile())
            .start();
    if (!made.waitFor(60, TimeUnit.SECONDS) || made.exitValue() != 0) {
      made.destroyForcibly();
      throw new AssertionError(Files.readString(file.resolveSibling("keytool.txt")));
    }
  }

  private static void trust(Path keys, Path trusted, String password) throws Exception {
    var from = KeyStore.getInstance(keys.toFile(), password.toCharArray());
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("broker", from.getCertificate("broker"));
    try (var out = Files.newOutputStream(trusted)) {
      store.store(out, password.toCharArray());
    }
  }

  String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  Path keys() {
    return keys;
  }

  /** The client configuration of a user. */
  Map<String, String> clients(String user, String password) {
    return Map.of(
        "kafka.security.protocol",
        "SASL_SSL",
        "kafka.ssl.truststore.location",
        trusted.toString(),
        "kafka.ssl.truststore.type",
        "PKCS12",
        "kafka.ssl.truststore.password",
        storePassword,
        "kafka.sasl.mechanism",
        "SCRAM-SHA-256",
        "kafka.sasl.jaas.config",
        jaas(user, password));
  }

  static String jaas(String user, String password) {
    return MODULE + " username=\"%s\" password=\"%s\";".formatted(user, password);
  }

  SluiceConfig config(String id, Path dataDir, String user, String password) {
    return Workers.config(bootstrapServers(), id, dataDir, clients(user, password));
  }

  void addUser(String user, String password) throws Exception {
    admin
        .alterUserScramCredentials(
            List.of(
                new UserScramCredentialUpsertion(
                    user,
                    new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, ITERATIONS),
                    password)))
        .all()
        .get();
  }

  void give(String user, RightNames rightNames, Collection<Right> rights) throws Exception {
    admin.createAcls(bindings(user, rightNames, rights)).all().get();
  }

  void take(String user, RightNames rightNames, Right right) throws Exception {
    admin
        .deleteAcls(
            bindings(user, rightNames, List.of(right)).stream().map(AclBinding::toFilter).toList())
        .all()
        .get();
  }

  private static List<AclBinding> bindings(
      String user, RightNames rightNames, Collection<Right> rights) {
    return rights.stream()
        .flatMap(
            right ->
                right.resources(rightNames).stream()
                    .map(
                        resource ->
                            new AclBinding(
                                resource,
                                new AccessControlEntry(
                                    "User:" + user,
                                    "*",
                                    right.operation(),
                                    AclPermissionType.ALLOW))))
        .toList();
  }

  @Override
  public void close() {
    admin.close();
    kafka.close();
  }
}
