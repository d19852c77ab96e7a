package dev.converge.tunnel;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** What a {@link TlsConfig} says, in the JDK's terms. */
public final class TlsCredentials {
  private final TrustManager trust;
  private final ClientKeys keys;

  private TlsCredentials(TrustManager trust, ClientKeys keys) {
    this.trust = trust;
    this.keys = keys;
  }

  /**
   * Reads the files.
   *
   * @throws IOException if a file cannot be used; the message is meant for the user
   */
  public static TlsCredentials load(TlsConfig config) throws IOException {
    Path certFile = config.certFile();
    Path keyFile = config.keyFile();
    ClientKeys keys =
        new ClientKeys(
            certFile == null || keyFile == null
                ? null
                : Identity.read(certFile, keyFile, Instant.now()));
    try {
      return new TlsCredentials(
          config.insecure() ? new Unverified() : trust(config.caFile()), keys);
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS is not available: " + e.getMessage(), e);
    }
  }

  /**
   * Trust of a file's certificates besides those of the JDK.
   *
   * @param caFile null for those of the JDK alone
   * @throws IOException if the file cannot be used; the message is meant for the user
   */
  public static X509TrustManager trustingAlso(@Nullable Path caFile)
      throws IOException, GeneralSecurityException {
    X509TrustManager usual = trust(null);
    if (caFile == null) {
      return usual;
    }
    List<X509Certificate> all = new ArrayList<>(List.of(usual.getAcceptedIssuers()));
    all.addAll(CertificateFiles.authorities(caFile));
    return trusting(keyStore(all));
  }

  private static X509TrustManager trust(@Nullable Path caFile)
      throws IOException, GeneralSecurityException {
    return trusting(caFile == null ? null : keyStore(CertificateFiles.authorities(caFile)));
  }

  private static X509TrustManager trusting(@Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return (X509TrustManager) factory.getTrustManagers()[0];
  }

  private static KeyStore keyStore(List<X509Certificate> certificates)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (X509Certificate certificate : certificates) {
      store.setCertificateEntry("ca" + store.size(), certificate);
    }
    return store;
  }

  public TrustManager trust() {
    return trust;
  }

  public KeyManager keys() {
    return keys;
  }

  /**
   * What a connection's failure means if the server had asked for a certificate. In TLS 1.3 it says
   * no only after the handshake, and the word may be lost in a reset.
   *
   * @param connection the socket or engine
   * @return a line for the user; null if it has to do with something else
   */
  public @Nullable String refusal(Object connection, Throwable failure) {
    if (!keys.wereAskedBy(connection) || Distrust.why(failure) != null) {
      return null;
    }
    if (!keys.areThere()) {
      return "it wants a client certificate: --cert-file and --key-file";
    }
    String message = Text.printable(String.valueOf(failure.getMessage()));
    return message.contains("fatal alert")
        ? "it refuses the client certificate of --cert-file (" + message + ")"
        : "it broke off, perhaps as it refuses the client certificate of --cert-file ("
            + message
            + ")";
  }
}
