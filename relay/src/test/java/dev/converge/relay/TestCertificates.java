package dev.converge.relay;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** A CA, a relay's certificate of it, and programs that trust it. */
final class TestCertificates {
  static final X509Bundle CA = authority("test CA");
  static final TlsFiles FILES = write(ownDirectory(), relay());
  static final SSLContext TRUSTING = client(null);

  private TestCertificates() {}

  /** The build runs these tests in more than one JVM at once. */
  private static Path ownDirectory() {
    return Path.of("target", "certificates-" + ProcessHandle.current().pid());
  }

  static X509Bundle authority(String name) {
    try {
      return new CertificateBuilder()
          .subject("CN=" + name)
          .setIsCertificateAuthority(true)
          .buildSelfSigned();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** A new certificate of the test CA for a relay on loopback. */
  static X509Bundle relay() {
    return issue(CA, new CertificateBuilder().subject("CN=relay"));
  }

  static X509Bundle issue(X509Bundle ca, CertificateBuilder builder) {
    try {
      return builder.addSanIpAddress("127.0.0.1").addSanDnsName("localhost").buildIssuedBy(ca);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  static TlsFiles write(Path directory, X509Bundle bundle) {
    try {
      Files.createDirectories(directory);
      return new TlsFiles(
          Files.writeString(directory.resolve("cert.pem"), bundle.getCertificatePathPEM()),
          Files.writeString(directory.resolve("key.pem"), bundle.getPrivateKeyPEM()),
          null);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** What trusts the test CA, and shows this certificate if it is not null. */
  static SSLContext client(X509Bundle own) {
    try {
      KeyManager[] keys = own == null ? null : own.toKeyManagerFactory().getKeyManagers();
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, new TrustManager[] {CA.toTrustManager()}, null);
      return context;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
