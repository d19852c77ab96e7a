package dev.converge.tunnel;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** TLS 1.2 or 1.3 with a server whose certificate is trusted and names the host. */
final class Tls {
  private final SSLSocketFactory sockets;

  private Tls(SSLSocketFactory sockets) {
    this.sockets = sockets;
  }

  /**
   * @param caFile a PEM file with the certificates to trust instead of the JDK's
   * @throws IOException if it cannot be used; the message is meant for the user
   */
  static Tls trusting(@Nullable Path caFile) throws IOException {
    try {
      if (caFile == null) {
        return new Tls(SSLContext.getDefault().getSocketFactory());
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(keyStore(caFile));
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return new Tls(context.getSocketFactory());
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS is not available: " + e.getMessage(), e);
    }
  }

  private static KeyStore keyStore(Path caFile) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (Certificate certificate : certificates(caFile)) {
      store.setCertificateEntry("ca" + store.size(), certificate);
    }
    return store;
  }

  private static Collection<? extends Certificate> certificates(Path caFile) throws IOException {
    String why = "no certificate in it (expected: PEM)";
    try (InputStream in = Files.newInputStream(caFile)) {
      var certificates = CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (!certificates.isEmpty()) {
        return certificates;
      }
    } catch (NoSuchFileException e) {
      why = "no such file";
    } catch (IOException e) {
      why = "not readable: " + Causes.text(e);
    } catch (GeneralSecurityException e) {
      why = "not certificates in PEM: " + e.getMessage();
    }
    throw new IOException("CA file " + Text.printable(caFile.toString()) + ": " + why);
  }

  /** Shakes hands on a connection that stays open below; whoever opened that closes it. */
  SSLSocket over(Socket below, String host, int port) throws IOException {
    try {
      SSLSocket socket = (SSLSocket) sockets.createSocket(below, host, port, true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      parameters.setApplicationProtocols(new String[] {"http/1.1"});
      parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
      if (host.matches("[A-Za-z0-9.-]*[A-Za-z][A-Za-z0-9-]*")) {
        parameters.setServerNames(List.of(new SNIHostName(host)));
      }
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket;
    } catch (IOException e) {
      throw Causes.tls(e, host + " port " + port);
    }
  }
}
