package dev.sluice.http;

import dev.sluice.config.ApiKeys;
import dev.sluice.config.InvalidConfigException;
import dev.sluice.config.SluiceConfig;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts only a worker that presents the certificate of this configuration, whatever its host name
 * and issuer. Serves calls to the worker on this machine.
 */
public final class OwnCertificateTrust extends X509ExtendedTrustManager {
  private static final X509Certificate[] NOBODY = {};

  private final Set<Certificate> own;

  private OwnCertificateTrust(Set<Certificate> own) {
    this.own = own;
  }

  /**
   * Creates a client for the worker on this machine, with TLS if configured.
   *
   * @throws InvalidConfigException if the keystore cannot be read
   */
  public static HttpClient client(SluiceConfig config, Duration connectTimeout) {
    var builder = HttpClient.newBuilder().connectTimeout(connectTimeout);
    var keystore = config.find(ApiKeys.TLS_KEYSTORE);
    if (keystore == null) {
      return builder.build();
    }
    try {
      var trust =
          new OwnCertificateTrust(
              certificates(keystore, config.get(ApiKeys.TLS_KEYSTORE_PASSWORD).value()));
      var context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {trust}, null);
      return builder.sslContext(context).build();
    } catch (IOException | GeneralSecurityException e) {
      throw new InvalidConfigException(
          "http.tls.keystore is %s, which cannot be used: %s".formatted(keystore, e));
    }
  }

  private static Set<Certificate> certificates(Path file, String password)
      throws IOException, GeneralSecurityException {
    var store = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(file)) {
      store.load(in, password.toCharArray());
    }
    var found = new HashSet<Certificate>();
    for (var alias : Collections.list(store.aliases())) {
      if (store.isKeyEntry(alias)) {
        found.add(store.getCertificate(alias));
      }
    }
    return found;
  }

  private void check(X509Certificate... chain) throws CertificateException {
    if (chain.length == 0 || !own.contains(chain[0])) {
      throw new CertificateException("the certificate differs from the one in http.tls.keystore");
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("this trust manager checks servers only, not clients");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    checkClientTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    checkClientTrusted(chain, type);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return NOBODY;
  }
}
