package dev.sluice.http;

import dev.sluice.config.InvalidConfigException;
import dev.sluice.config.SluiceConfig;
import io.javalin.config.JavalinConfig;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** What the port and its clients need for TLS. */
final class Tls {

  private Tls() {}

  /**
   * Has the port speak HTTPS and nothing else.
   *
   * @throws InvalidConfigException when the key cannot be used
   */
  static void serve(JavalinConfig javalin, SluiceConfig config) {
    var keystore = config.tlsKeystore();
    var factory = new SslContextFactory.Server();
    factory.setKeyStoreType("PKCS12");
    factory.setKeyStorePath(String.valueOf(keystore));
    factory.setKeyStorePassword(config.tlsKeystorePassword());
    try {
      factory.start();
    } catch (Exception e) {
      throw new InvalidConfigException(
          "http.tls.keystore is %s, which cannot be used: %s".formatted(keystore, e.getMessage()));
    }
    javalin.jetty.addConnector(
        (server, http) -> {
          var secure = new HttpConfiguration(http);
          // A certificate's names need not be those by which a worker is reached.
          secure.addCustomizer(new SecureRequestCustomizer(false));
          var connector = new ServerConnector(server, factory, new HttpConnectionFactory(secure));
          connector.setHost(config.httpHost());
          connector.setPort(config.httpPort());
          return connector;
        });
  }

  /** A client for other workers. */
  static HttpClient client(SluiceConfig config, Duration connectTimeout) {
    var builder =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(connectTimeout);
    var truststore = config.tlsTruststore();
    if (truststore == null) {
      return builder.build();
    }
    try (var file = Files.newInputStream(truststore)) {
      var store = KeyStore.getInstance("PKCS12");
      store.load(file, config.tlsTruststorePassword().toCharArray());
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return builder.sslContext(context).build();
    } catch (IOException | GeneralSecurityException e) {
      throw new InvalidConfigException(
          "http.tls.truststore is %s, which cannot be used: %s".formatted(truststore, e));
    }
  }
}
