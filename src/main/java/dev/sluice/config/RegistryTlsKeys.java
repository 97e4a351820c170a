package dev.sluice.config;

import org.apache.kafka.common.config.ConfigDef.Type;

/** Settings about TLS to the schema registry: those of Kafka's clients behind a prefix. */
final class RegistryTlsKeys {
  static final String PREFIX = "schema.registry.ssl.";

  static final String TRUSTSTORE_LOCATION_CONFIG = PREFIX + "truststore.location";
  static final String TRUSTSTORE_LOCATION_DOC =
      "A file with the certificates of those who may sign the registry's; where none is named,"
          + " those that Java knows may.";

  static final String TRUSTSTORE_PASSWORD_CONFIG = PREFIX + "truststore.password";
  static final String TRUSTSTORE_PASSWORD_DOC = "That file's password; a PEM file has none.";

  static final String TRUSTSTORE_TYPE_CONFIG = PREFIX + "truststore.type";
  static final String TRUSTSTORE_TYPE_DOC = "That file's format; `JKS` when not set.";

  static final String TRUSTSTORE_CERTIFICATES_CONFIG = PREFIX + "truststore.certificates";
  static final String TRUSTSTORE_CERTIFICATES_DOC =
      "In place of that file, the certificates themselves in PEM, with the type `PEM`.";

  static final String KEYSTORE_LOCATION_CONFIG = PREFIX + "keystore.location";
  static final String KEYSTORE_LOCATION_DOC =
      "A file with the worker's own key and certificate, for a registry that asks for one.";

  static final String KEYSTORE_PASSWORD_CONFIG = PREFIX + "keystore.password";
  static final String KEYSTORE_PASSWORD_DOC = "That file's password; a PEM file has none.";

  static final String KEYSTORE_TYPE_CONFIG = PREFIX + "keystore.type";
  static final String KEYSTORE_TYPE_DOC = "That file's format; `JKS` when not set.";

  static final String KEYSTORE_KEY_CONFIG = PREFIX + "keystore.key";
  static final String KEYSTORE_KEY_DOC =
      "In place of that file, the key itself in PEM, with the type `PEM`.";

  static final String KEYSTORE_CHAIN_CONFIG = PREFIX + "keystore.certificate.chain";
  static final String KEYSTORE_CHAIN_DOC = "The certificate that belongs to that key, in PEM.";

  static final String KEY_PASSWORD_CONFIG = PREFIX + "key.password";
  static final String KEY_PASSWORD_DOC = "The password of the worker's key itself.";

  private static final String FILE = "the path of a file";
  private static final String PASSWORD = "a password";

  private RegistryTlsKeys() {}

  static void define(SluiceConfigDef.Group group) {
    text(group, TRUSTSTORE_LOCATION_CONFIG, FILE, TRUSTSTORE_LOCATION_DOC);
    secret(group, TRUSTSTORE_PASSWORD_CONFIG, PASSWORD, TRUSTSTORE_PASSWORD_DOC);
    type(group, TRUSTSTORE_TYPE_CONFIG, TRUSTSTORE_TYPE_DOC);
    secret(group, TRUSTSTORE_CERTIFICATES_CONFIG, "certificates", TRUSTSTORE_CERTIFICATES_DOC);
    text(group, KEYSTORE_LOCATION_CONFIG, FILE, KEYSTORE_LOCATION_DOC);
    secret(group, KEYSTORE_PASSWORD_CONFIG, PASSWORD, KEYSTORE_PASSWORD_DOC);
    type(group, KEYSTORE_TYPE_CONFIG, KEYSTORE_TYPE_DOC);
    secret(group, KEYSTORE_KEY_CONFIG, "a key", KEYSTORE_KEY_DOC);
    secret(group, KEYSTORE_CHAIN_CONFIG, "certificates", KEYSTORE_CHAIN_DOC);
    secret(group, KEY_PASSWORD_CONFIG, PASSWORD, KEY_PASSWORD_DOC);
  }

  private static void text(SluiceConfigDef.Group group, String key, String words, String doc) {
    group.add(key, Type.STRING, null, Allowed.anything(words), doc);
  }

  private static void secret(SluiceConfigDef.Group group, String key, String words, String doc) {
    group.add(key, Type.PASSWORD, null, Allowed.secret(words), doc);
  }

  private static void type(SluiceConfigDef.Group group, String key, String doc) {
    group.add(key, Type.STRING, null, Allowed.oneOf("JKS", "PKCS12", "PEM"), doc);
  }
}
