package dev.converge.tunnel;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** TLS 1.2 or 1.3 with a server whose certificate is trusted and names the host. */
final class Tls {
  private final SSLSocketFactory sockets;
  private final TlsCredentials credentials;

  private Tls(SSLSocketFactory sockets, TlsCredentials credentials) {
    this.sockets = sockets;
    this.credentials = credentials;
  }

  /**
   * @throws IOException if a file cannot be used; the message is meant for the user
   */
  static Tls with(TlsConfig config) throws IOException {
    TlsCredentials credentials = TlsCredentials.load(config);
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          new KeyManager[] {credentials.keys()}, new TrustManager[] {credentials.trust()}, null);
      return new Tls(context.getSocketFactory(), credentials);
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS is not available: " + e.getMessage(), e);
    }
  }

  /** Shakes hands on a connection that stays open below; whoever opened that closes it. */
  SSLSocket over(Socket below, String host, int port) throws IOException {
    SSLSocket socket = (SSLSocket) sockets.createSocket(below, host, port, true);
    try {
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
      String peer = host + " port " + port;
      IOException refused = refusal(e, socket, peer);
      throw refused == null ? Causes.tls(e, peer) : refused;
    }
  }

  /**
   * What a failure behind the handshake says about our certificate, or null.
   *
   * @param socket the TLS connection
   */
  @Nullable IOException refusal(IOException failure, Socket socket, String peer) {
    String why = credentials.refusal(socket, failure);
    return why == null ? null : new IOException("no TLS with " + peer + ": " + why, failure);
  }
}
