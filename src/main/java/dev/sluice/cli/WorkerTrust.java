package dev.sluice.cli;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Certificates by which the command line recognizes a worker that may receive a token. */
final class WorkerTrust {
  /** Variable that names the file without the option. */
  static final String VARIABLE = "SLUICE_CACERT";

  private WorkerTrust() {}

  /** Returns the file of trusted certificates: the option's, else the variable's; null for none. */
  static @Nullable Path file(@Nullable Path option, Map<String, String> environment) {
    if (option != null) {
      return option;
    }
    var named = environment.getOrDefault(VARIABLE, "");
    return named.isBlank() ? null : Path.of(named);
  }

  /**
   * Creates a context that trusts only the certificates of a file, and certificates that they
   * signed.
   *
   * @param pem one or more certificates, each between BEGIN CERTIFICATE and END CERTIFICATE
   * @throws UsageException if the file cannot be read, or contains none
   */
  static SSLContext only(Path pem) {
    try (var file = new BufferedInputStream(Files.newInputStream(pem))) {
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(file)) {
        store.setCertificateEntry("trusted-" + store.size(), certificate);
      }
      if (store.size() == 0) {
        throw new CertificateException("it contains no certificate");
      }
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (CertificateException e) {
      throw new UsageException(
          "%s (--cacert or %s) is not a file of certificates in PEM: %s"
              .formatted(pem, VARIABLE, e.getMessage()));
    } catch (IOException | GeneralSecurityException e) {
      throw new UsageException(
          "cannot read the certificates in %s (--cacert or %s): %s".formatted(pem, VARIABLE, e));
    }
  }

  /** Returns whether a host's name or address means this machine, independent of name servers. */
  static boolean isThisMachine(@Nullable String host) {
    if (host == null) {
      return false;
    }
    var name = host.toLowerCase(Locale.ROOT);
    return name.equals("localhost")
        || name.endsWith(".localhost")
        || name.matches("127(\\.[0-9]{1,3}){3}")
        || name.equals("[::1]");
  }
}
