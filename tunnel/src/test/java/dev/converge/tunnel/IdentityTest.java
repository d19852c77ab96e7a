package dev.converge.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class IdentityTest {
  private static final Instant NOW = Instant.parse("2030-06-01T00:00:00Z");
  private static final CertificateBuilder CERTIFICATE =
      new CertificateBuilder()
          .subject("CN=x")
          .notBefore(NOW.minus(Duration.ofDays(1)))
          .notAfter(NOW.plus(Duration.ofDays(1)));
  private static X509Bundle root;
  private static X509Bundle middle;
  private static X509Bundle leaf;

  @TempDir private Path directory;

  @BeforeAll
  static void issue() throws Exception {
    root = authority("root").buildSelfSigned();
    middle = authority("middle").buildIssuedBy(root);
    leaf = CERTIFICATE.copy().subject("CN=leaf").buildIssuedBy(middle);
  }

  private static CertificateBuilder authority(String name) {
    return CERTIFICATE.copy().subject("CN=" + name).setIsCertificateAuthority(true);
  }

  private Path file(String name, String... texts) throws IOException {
    return Files.writeString(directory.resolve(name), String.join("some text\r\n", texts));
  }

  private static String pem(String label, byte[] der) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
  }

  private Identity read(String certificates, String key) throws IOException {
    return Identity.read(file("cert.pem", certificates), file("key.pem", key), NOW);
  }

  private void assertRefused(String certificates, String key, String why) {
    assertThatIOException()
        .isThrownBy(() -> read(certificates, key))
        .satisfies(e -> assertThat(e.getMessage().replace(directory + "/", "")).startsWith(why));
  }

  /** What stands inside PKCS#8: for RSA this is PKCS#1. */
  private static byte[] inner(PrivateKey key) throws IOException {
    return Der.first(Der.OCTETS, Der.first(Der.SEQUENCE, key.getEncoded()));
  }

  private enum Kind {
    PKCS8,
    PKCS1,
    SEC1
  }

  @ParameterizedTest
  @EnumSource
  void keyIsReadInEveryForm(Kind kind) throws Exception {
    CertificateBuilder builder = CERTIFICATE.copy();
    X509Bundle bundle = (kind == Kind.PKCS1 ? builder.rsa2048() : builder).buildIssuedBy(root);
    PrivateKey key = bundle.getKeyPair().getPrivate();
    String text =
        switch (kind) {
          case PKCS8 -> bundle.getPrivateKeyPEM();
          case PKCS1 -> pem("RSA PRIVATE KEY", inner(key));
          case SEC1 -> pem("EC PARAMETERS", new byte[2]) + pem("EC PRIVATE KEY", sec1(key));
        };
    Identity identity = read(bundle.getCertificatePEM(), text); // which fails unless they match
    assertThat(identity.key().getAlgorithm()).isEqualTo(key.getAlgorithm());
  }

  /** As openssl writes it: with the curve, which the JDK leaves out. */
  private static byte[] sec1(PrivateKey key) throws IOException {
    byte[] algorithm = Der.first(Der.SEQUENCE, Der.first(Der.SEQUENCE, key.getEncoded()));
    byte[] curve = java.util.Arrays.copyOfRange(algorithm, 9, algorithm.length);
    byte[] secret = Der.first(Der.OCTETS, Der.first(Der.SEQUENCE, inner(key)));
    return Der.element(
        Der.SEQUENCE,
        Der.element(Der.INTEGER, new byte[] {1}),
        Der.element(Der.OCTETS, secret),
        Der.element(0xa0, curve));
  }

  @Test
  void oneFileMayHoldTheChainAndTheKey() throws Exception {
    Path all = file("all.pem", leaf.getPrivateKeyPEM(), leaf.getCertificatePathPEM());
    Identity identity = Identity.read(all, all, NOW);
    assertThat(identity.chain()).containsExactly(leaf.getCertificate(), middle.getCertificate());
    assertThat(identity).hasToString("Identity[CN=leaf]");
  }

  @Test
  void fileWithoutAKeyOrACertificateIsNamed() {
    String key = leaf.getPrivateKeyPEM();
    String certificate = leaf.getCertificatePEM();
    assertRefused(certificate, "", "key file key.pem: no private key in it (expected: PEM)");
    assertRefused(key, key, "certificate file cert.pem: no certificate in it (expected: PEM)");
    assertThatIOException()
        .isThrownBy(() -> Identity.read(directory, directory.resolve("absent"), NOW))
        .withMessageEndingWith("absent: no such file");
    assertThatIOException()
        .isThrownBy(() -> Identity.read(directory, directory, NOW))
        .withMessageContaining("key file " + directory + ": not readable: ");
  }

  @Test
  void fileThatIsCutOffOrDamagedIsNamed() {
    String key = leaf.getPrivateKeyPEM();
    String certificate = leaf.getCertificatePEM();
    assertRefused(
        certificate,
        key.substring(0, key.length() - 40),
        "key file key.pem: '-----BEGIN PRIVATE KEY-----' has no end: the file is cut off");
    assertRefused(
        certificate,
        pem("PRIVATE KEY", new byte[40]),
        "key file key.pem: the key in it is neither RSA nor EC, or damaged");
    assertRefused(
        certificate, pem("EC PRIVATE KEY", new byte[] {0x30, 0x7f}), "key file key.pem: not DER");
    assertRefused(
        certificate,
        pem("EC PRIVATE KEY", new byte[] {0x30, (byte) 0x84, 127, 127, 127, 127}),
        "key file key.pem: not DER");
    assertRefused(
        pem("CERTIFICATE", new byte[40]),
        key,
        "certificate file cert.pem: a certificate in it is damaged");
    assertRefused(
        certificate.replace("MI", "--"),
        key,
        "certificate file cert.pem: what it calls 'CERTIFICATE' is not base64");
  }

  @Test
  void encryptedKeyIsRefusedWithWhatToDo() {
    String certificate = leaf.getCertificatePEM();
    String why = "key file key.pem: the key is encrypted (expected: not); 'openssl pkey -in ";
    assertRefused(certificate, pem("ENCRYPTED PRIVATE KEY", new byte[40]), why);
    String old =
        """
        -----BEGIN RSA PRIVATE KEY-----
        Proc-Type: 4,ENCRYPTED
        DEK-Info: AES-256-CBC,00

        AAAA
        -----END RSA PRIVATE KEY-----
        """;
    assertRefused(certificate, old, why);
  }

  @Test
  void keyOfAnotherKindIsRefused() throws Exception {
    X509Bundle ed25519 =
        CERTIFICATE.copy().algorithm(CertificateBuilder.Algorithm.ed25519).buildIssuedBy(root);
    assertRefused(
        ed25519.getCertificatePEM(),
        ed25519.getPrivateKeyPEM(),
        "key file key.pem: the key in it is neither RSA nor EC");
    assertRefused(
        leaf.getCertificatePEM(),
        pem("OPENSSH PRIVATE KEY", "x".getBytes(StandardCharsets.US_ASCII)),
        "key file key.pem: a key of the kind 'OPENSSH PRIVATE KEY' (expected: RSA or EC)");
  }

  @Test
  void keyOfAnotherCertificateIsRefused() {
    assertRefused(
        leaf.getCertificatePEM(),
        middle.getPrivateKeyPEM(),
        "key file key.pem: the key is not that of the certificate in cert.pem");
  }

  @Test
  void chainOutOfOrderIsRefused() throws Exception {
    String key = leaf.getPrivateKeyPEM();
    assertRefused(
        middle.getCertificatePEM() + leaf.getCertificatePEM(),
        key,
        "certificate file cert.pem: the certificate of the key stands at place 2 (expected: first)");
    assertRefused(
        leaf.getCertificatePEM() + root.getCertificatePEM() + middle.getCertificatePEM(),
        key,
        "certificate file cert.pem: certificate 2 in it has not issued certificate 1 (expected: ");
    String whole = leaf.getCertificatePEM() + middle.getCertificatePEM() + root.getCertificatePEM();
    assertThat(read(whole, key).chain()).hasSize(3);
  }

  @Test
  void certificateOutOfItsTimeIsRefused() throws Exception {
    X509Bundle expired =
        CERTIFICATE
            .copy()
            .notBefore(NOW.minus(Duration.ofDays(2)))
            .notAfter(NOW.minus(Duration.ofDays(1)))
            .buildIssuedBy(root);
    assertRefused(
        expired.getCertificatePEM(),
        expired.getPrivateKeyPEM(),
        "certificate file cert.pem: the certificate expired at ");
    X509Bundle early =
        CERTIFICATE
            .copy()
            .notBefore(NOW.plus(Duration.ofDays(1)))
            .notAfter(NOW.plus(Duration.ofDays(2)))
            .buildIssuedBy(root);
    assertRefused(
        early.getCertificatePEM(),
        early.getPrivateKeyPEM(),
        "certificate file cert.pem: the certificate is valid from ");
  }
}
