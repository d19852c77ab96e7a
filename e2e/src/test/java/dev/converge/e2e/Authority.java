package dev.converge.e2e;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** A CA of the test, what it signs, and how that looks to a TLS client. */
final class Authority {
  private final X509Bundle root;
  private final X509Bundle issuer;

  Authority(String name) {
    try {
      root = authority(name).buildSelfSigned();
      issuer = authority(name + "'s issuer").buildIssuedBy(root);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static CertificateBuilder authority(String name) {
    return new CertificateBuilder()
        .subject("CN=" + name)
        .setIsCertificateAuthority(true)
        .setKeyUsage(
            true, CertificateBuilder.KeyUsage.keyCertSign, CertificateBuilder.KeyUsage.cRLSign);
  }

  /** The root's PEM file. */
  Path file(Path directory) throws IOException {
    return Files.writeString(directory.resolve("ca.pem"), root.getCertificatePEM());
  }

  /** A certificate, its key and the chain between. */
  X509Bundle issue(CertificateBuilder builder) {
    try {
      return builder
          .setKeyUsage(true, CertificateBuilder.KeyUsage.digitalSignature)
          .addExtendedKeyUsageServerAuth()
          .addExtendedKeyUsageClientAuth()
          .buildIssuedBy(issuer);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** What names this machine. */
  static CertificateBuilder local() {
    return new CertificateBuilder()
        .subject("CN=relay")
        .addSanIpAddress("127.0.0.1")
        .addSanDnsName("localhost");
  }

  /** Writes a chain and its key; the options that tell a program where. */
  static String[] files(Path directory, X509Bundle bundle) throws IOException {
    Path cert = directory.resolve("cert.pem");
    Path key = directory.resolve("key.pem");
    Files.writeString(cert, bundle.getCertificatePathPEM());
    Files.writeString(key, bundle.getPrivateKeyPEM());
    return new String[] {"--cert-file=" + cert, "--key-file=" + key};
  }

  /** The serial number of the certificate that is shown at a loopback port. */
  BigInteger shownAt(int port) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {root.toTrustManager()}, null);
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.startHandshake();
      var shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return shown.getSerialNumber();
    }
  }

  /** A server that shows a certificate, whatever its state, and lets a client go no further. */
  static SSLServerSocket server(X509Bundle bundle) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(bundle.toKeyManagerFactory().getKeyManagers(), null, null);
    InetAddress loopback = InetAddress.getLoopbackAddress();
    return (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 50, loopback);
  }
}
