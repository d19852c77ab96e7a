package dev.converge.relay;

import dev.converge.tunnel.CertificateFiles;
import dev.converge.tunnel.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files, all PEM, that a TLS relay needs.
 *
 * @param certFile its certificate and the chain behind it
 * @param keyFile the key of that
 * @param caFile whose certificates clients must show; null if they need none
 */
record TlsFiles(Path certFile, Path keyFile, @Nullable Path caFile) {
  /**
   * What was in them at one time.
   *
   * @param authorities those of clients' certificates; empty if clients need none
   */
  record Content(Identity identity, List<X509Certificate> authorities) {}

  /**
   * @throws IOException if they cannot be used, or not together; the message is meant for the user
   */
  Content read() throws IOException {
    return new Content(
        Identity.read(certFile, keyFile, Instant.now()),
        caFile == null ? List.of() : CertificateFiles.authorities(caFile));
  }

  /** Differs when their bytes differ, whatever their times and links say. */
  String fingerprint() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Path file : caFile == null ? List.of(certFile, keyFile) : all(caFile)) {
        digest.update(MessageDigest.getInstance("SHA-256").digest(bytes(file)));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private List<Path> all(Path authorities) {
    return List.of(certFile, keyFile, authorities);
  }

  /** Nothing if it cannot be read, as while it is being replaced. */
  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      return new byte[0];
    }
  }
}
