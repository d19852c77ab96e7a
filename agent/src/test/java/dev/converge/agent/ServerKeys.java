package dev.converge.agent;

import dev.converge.tunnel.TlsConfig;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManager;

/**
 * A TLS server's key with a certificate of its own making.
 *
 * @param certificate what to trust to trust it, as PEM
 */
record ServerKeys(X509Bundle bundle, Path certificate) {
  /**
   * @param name whom the certificate names, such as {@code IP:127.0.0.1}
   */
  static ServerKeys of(String name, Path directory) throws Exception {
    CertificateBuilder builder =
        new CertificateBuilder().subject("CN=x").setIsCertificateAuthority(true);
    String value = name.substring(name.indexOf(':') + 1);
    X509Bundle bundle =
        (name.startsWith("IP:") ? builder.addSanIpAddress(value) : builder.addSanDnsName(value))
            .buildSelfSigned();
    Path file = Files.writeString(directory.resolve("cert.pem"), bundle.getCertificatePEM());
    return new ServerKeys(bundle, file);
  }

  ServerSocketFactory sockets() throws Exception {
    return context().getServerSocketFactory();
  }

  /** Lets nobody in but who has a certificate of {@link #client}. */
  ServerSocketFactory mutualSockets() throws Exception {
    ServerSocketFactory plain = sockets();
    return new ServerSocketFactory() {
      @Override
      public ServerSocket createServerSocket() throws IOException {
        SSLServerSocket socket = (SSLServerSocket) plain.createServerSocket();
        socket.setNeedClientAuth(true);
        return socket;
      }

      @Override
      public ServerSocket createServerSocket(int port) {
        throw new UnsupportedOperationException();
      }

      @Override
      public ServerSocket createServerSocket(int port, int backlog) {
        throw new UnsupportedOperationException();
      }

      @Override
      public ServerSocket createServerSocket(int port, int backlog, InetAddress address) {
        throw new UnsupportedOperationException();
      }
    };
  }

  SSLContext context() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        bundle.toKeyManagerFactory().getKeyManagers(),
        new TrustManager[] {bundle.toTrustManager()},
        null);
    return context;
  }

  /** What makes a client trust the server, and the server the client. */
  TlsConfig client(Path directory) throws Exception {
    X509Bundle client = new CertificateBuilder().subject("CN=client").buildIssuedBy(bundle);
    return new TlsConfig(
        certificate,
        Files.writeString(directory.resolve("client.pem"), client.getCertificatePathPEM()),
        Files.writeString(directory.resolve("client.key"), client.getPrivateKeyPEM()),
        false);
  }
}
