package dev.converge.tunnel;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Whom a program believes to be its relay, and who it says that it is itself.
 *
 * @param caFile a PEM file with the certificates to trust instead of the JDK's
 * @param certFile a PEM file with the own certificate and its chain, if the relay asks for one
 * @param keyFile a PEM file with the key of that certificate
 * @param insecure whether any certificate is believed
 */
public record TlsConfig(
    @Nullable Path caFile, @Nullable Path certFile, @Nullable Path keyFile, boolean insecure) {
  /** Trust what the JDK trusts, and be nobody. */
  public static final TlsConfig DEFAULT = trusting(null);

  public TlsConfig {
    if (certFile == null && keyFile != null) {
      throw new IllegalArgumentException("--key-file: without its --cert-file (expected: both)");
    }
    if (certFile != null && keyFile == null) {
      throw new IllegalArgumentException("--cert-file: without its --key-file (expected: both)");
    }
    if (caFile != null && insecure) {
      throw new IllegalArgumentException(
          "--insecure: with --ca-file (expected: one of them, as --insecure trusts anybody)");
    }
  }

  /**
   * Trust these, and be nobody.
   *
   * @param caFile null for what the JDK trusts
   */
  public static TlsConfig trusting(@Nullable Path caFile) {
    return new TlsConfig(caFile, null, null, false);
  }
}
