package dev.converge.tunnel;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManager;

/** Makes CAs and what they sign, in a directory of the test. */
final class Certificates {

  private final Path directory;
  private final Map<String, X509Bundle> authorities = new HashMap<>();

  Certificates(Path directory) {
    this.directory = directory;
  }

  /** A CA; returns its PEM file. */
  Path ca(String name) throws Exception {
    X509Bundle ca =
        new CertificateBuilder()
            .subject("CN=" + name)
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    authorities.put(name, ca);
    return Files.writeString(directory.resolve(name + ".pem"), ca.getCertificatePEM());
  }

  /** A certificate for {@code name}, signed by {@code ca}. */
  X509Bundle issue(String ca, String name) throws Exception {
    CertificateBuilder builder = new CertificateBuilder().subject("CN=" + name);
    return (name.matches("[0-9.]+") ? builder.addSanIpAddress(name) : builder.addSanDnsName(name))
        .buildIssuedBy(authorities.get(ca));
  }

  /** What programs are given to be {@code name}. */
  TlsConfig client(Path caFile, String ca, String name) throws Exception {
    X509Bundle bundle = issue(ca, name);
    return new TlsConfig(
        caFile,
        Files.writeString(directory.resolve(name + "-cert.pem"), bundle.getCertificatePathPEM()),
        Files.writeString(directory.resolve(name + "-key.pem"), bundle.getPrivateKeyPEM()),
        false);
  }

  /** A TLS server on loopback whose certificate is for {@code name}, signed by {@code ca}. */
  FakeServer server(String ca, String name, FakeServer.Script script) throws IOException {
    return new FakeServer(listener(ca, name), script);
  }

  /** The same, but it lets nobody in without a certificate that {@code ca} has signed. */
  FakeServer mutual(String ca, String name, String protocol, FakeServer.Script script)
      throws IOException {
    SSLServerSocket listener = listener(ca, name);
    listener.setNeedClientAuth(true);
    listener.setEnabledProtocols(new String[] {protocol});
    return new FakeServer(listener, script);
  }

  private SSLServerSocket listener(String ca, String name) throws IOException {
    try {
      var keys = issue(ca, name).toKeyManagerFactory();
      SSLContext context = SSLContext.getInstance("TLS");
      TrustManager trust = authorities.get(ca).toTrustManager();
      context.init(keys.getKeyManagers(), new TrustManager[] {trust}, null);
      InetAddress loopback = InetAddress.getLoopbackAddress();
      return (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 50, loopback);
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
