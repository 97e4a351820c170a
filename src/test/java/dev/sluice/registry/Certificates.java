package dev.sluice.registry;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Keys with certificates that they signed themselves, made by keytool in a folder. */
final class Certificates {
  static final String PASSWORD = "hunter2hunter2";

  /** Whom a certificate is for. */
  enum Owner {
    /** The server at 127.0.0.1. */
    SERVER("ip:127.0.0.1"),
    /** A server of another name. */
    ELSEWHERE("dns:elsewhere.invalid"),
    CLIENT("dns:client.invalid");

    private final String name;

    Owner(String name) {
      this.name = name;
    }
  }

  private final Path folder;

  private Certificates(Path folder) {
    this.folder = folder;
  }

  static Certificates make(Path folder) throws IOException, InterruptedException {
    var made = new Certificates(folder);
    var processes = new Process[Owner.values().length];
    for (var owner : Owner.values()) {
      processes[owner.ordinal()] = made.keytool(owner);
    }
    for (var process : processes) {
      var words = new String(process.getInputStream().readAllBytes(), US_ASCII);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(words);
      }
    }
    return made;
  }

  private Process keytool(Owner owner) throws IOException {
    var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    return new ProcessBuilder(
            keytool,
            "-J-XX:TieredStopAtLevel=1",
            "-genkeypair",
            "-alias",
            "it",
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-validity",
            "2",
            "-dname",
            "CN=" + owner,
            "-ext",
            "san=" + owner.name,
            "-storetype",
            "PKCS12",
            "-keystore",
            store(owner).toString(),
            "-storepass",
            PASSWORD)
        .redirectErrorStream(true)
        .start();
  }

  /** PKCS12 with key and certificate. */
  Path store(Owner owner) {
    return folder.resolve(owner + ".p12");
  }

  /** The certificate alone, as PEM. */
  String certificate(Owner owner) {
    try {
      return pem("CERTIFICATE", keyStore(owner).getCertificate("it").getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The key, as PEM. */
  String key(Owner owner) {
    try {
      Key key = keyStore(owner).getKey("it", PASSWORD.toCharArray());
      return pem("PRIVATE KEY", key.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** For a server that shows the owner's certificate. */
  HttpsConfigurator server(Owner owner) {
    return server(owner, null);
  }

  /** For a server that also asks for a client's certificate. */
  HttpsConfigurator server(Owner owner, @Nullable Owner client) {
    try {
      var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(keyStore(owner), PASSWORD.toCharArray());
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusting(client == null ? owner : client));
      var context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return new HttpsConfigurator(context) {
        @Override
        public void configure(HttpsParameters parameters) {
          var ours = context.getDefaultSSLParameters();
          ours.setNeedClientAuth(client != null);
          parameters.setSSLParameters(ours);
        }
      };
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private KeyStore trusting(Owner owner) throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("it", keyStore(owner).getCertificate("it"));
    return store;
  }

  private KeyStore keyStore(Owner owner) throws GeneralSecurityException {
    try (var file = Files.newInputStream(store(owner))) {
      var store = KeyStore.getInstance("PKCS12");
      store.load(file, PASSWORD.toCharArray());
      return store;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String pem(String what, byte[] bytes) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(what, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes), what);
  }
}
