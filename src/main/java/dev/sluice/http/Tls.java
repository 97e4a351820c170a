package dev.sluice.http;

import dev.sluice.config.ApiKeys;
import dev.sluice.config.InvalidConfigException;
import dev.sluice.config.SluiceConfig;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/** TLS of the port and its clients. */
final class Tls {

  private Tls() {}

  /**
   * Returns the TLS configuration of the port, which then accepts HTTPS only; null for HTTP.
   *
   * @throws InvalidConfigException if the key cannot be used
   */
  static SslContextFactory.@Nullable Server server(SluiceConfig config) {
    var keystore = config.find(ApiKeys.TLS_KEYSTORE);
    if (keystore == null) {
      return null;
    }
    var factory = new SslContextFactory.Server();
    try {
      factory.setKeyStoreType("PKCS12");
      factory.setKeyStorePath(keystore.toString());
      factory.setKeyStorePassword(config.get(ApiKeys.TLS_KEYSTORE_PASSWORD).value());
      factory.start();
      return factory;
    } catch (Exception e) {
      throw new InvalidConfigException(
          "http.tls.keystore is %s, which cannot be used: %s"
              .formatted(keystore, why(keystore, e)));
    }
  }

  /**
   * Checks the files of keys and certificates.
   *
   * @throws InvalidConfigException if one cannot be used
   */
  static void check(SluiceConfig config) {
    server(config);
    client(config, Duration.ofSeconds(1)).close();
  }

  /** Creates a client for other workers. */
  static HttpClient client(SluiceConfig config, Duration connectTimeout) {
    var builder =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(connectTimeout);
    var truststore = config.find(ApiKeys.TLS_TRUSTSTORE);
    if (truststore == null) {
      return builder.build();
    }
    try (var file = Files.newInputStream(truststore)) {
      var store = KeyStore.getInstance("PKCS12");
      store.load(file, config.get(ApiKeys.TLS_TRUSTSTORE_PASSWORD).value().toCharArray());
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return builder.sslContext(context).build();
    } catch (IOException | GeneralSecurityException e) {
      throw new InvalidConfigException(
          "http.tls.truststore is %s, which cannot be used: %s"
              .formatted(truststore, why(truststore, e)));
    }
  }

  private static String why(Path file, Exception problem) {
    if (!Files.exists(file)) {
      return "the file does not exist";
    }
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      return "it is not a file that this process may read";
    }
    for (Throwable e = problem; e != null; e = e.getCause()) {
      if (e instanceof UnrecoverableKeyException) {
        return "the password is wrong";
      }
    }
    var message = problem.getMessage();
    return "it is not a PKCS12 keystore, or it is truncated"
        + (message == null ? "" : ": " + message);
  }
}
