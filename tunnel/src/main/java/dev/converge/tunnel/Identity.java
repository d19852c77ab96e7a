package dev.converge.tunnel;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * Who one end of TLS says that it is, and how it proves that.
 *
 * @param key RSA or EC
 * @param chain its own certificate first, then each one's issuer
 */
public record Identity(PrivateKey key, List<X509Certificate> chain) {
  private static final byte[] PROBE = {'p', 'r', 'o', 'b', 'e'};

  /**
   * Reads and checks a certificate with its chain and its key, both in PEM; they may stand in one
   * file.
   *
   * @param now when the certificate has to be valid
   * @throws IOException if they cannot be used, or not together; the message is meant for the user
   */
  public static Identity read(Path certFile, Path keyFile, Instant now) throws IOException {
    Identity identity =
        new Identity(
            PrivateKeys.read(keyFile), CertificateFiles.read("certificate file", certFile));
    String why = identity.objection(now);
    if (!why.isEmpty()) {
      throw new IOException("certificate file " + Text.printable(certFile.toString()) + ": " + why);
    }
    if (!identity.hasKeyOf(identity.certificate())) {
      throw new IOException(
          "key file "
              + Text.printable(keyFile.toString())
              + ": the key is not that of the certificate in "
              + Text.printable(certFile.toString()));
    }
    return identity;
  }

  /** The own certificate. */
  public X509Certificate certificate() {
    return chain.get(0);
  }

  /** What is wrong with the chain; empty if nothing is. */
  private String objection(Instant now) {
    for (int i = 1; i < chain.size(); i++) {
      if (hasKeyOf(chain.get(i)) && !hasKeyOf(certificate())) {
        return "the certificate of the key stands at place " + (i + 1) + " (expected: first)";
      }
      if (!isIssuedBy(chain.get(i - 1), chain.get(i))) {
        return "certificate "
            + (i + 1)
            + " in it has not issued certificate "
            + i
            + " (expected: the own one first, then each one's issuer)";
      }
    }
    Instant from = certificate().getNotBefore().toInstant();
    Instant until = certificate().getNotAfter().toInstant();
    if (now.isAfter(until)) {
      return "the certificate expired at " + until + "; renew it";
    }
    return now.isBefore(from)
        ? "the certificate is valid from " + from + " only; is this machine's clock right?"
        : "";
  }

  private static boolean isIssuedBy(X509Certificate certificate, X509Certificate issuer) {
    try {
      certificate.verify(issuer.getPublicKey());
      return certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private boolean hasKeyOf(X509Certificate certificate) {
    PublicKey other = certificate.getPublicKey();
    if (!key.getAlgorithm().equals(other.getAlgorithm())) {
      return false;
    }
    try {
      Signature signature =
          Signature.getInstance(
              key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA");
      signature.initSign(key);
      signature.update(PROBE);
      byte[] signed = signature.sign();
      signature.initVerify(other);
      signature.update(PROBE);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "Identity[" + certificate().getSubjectX500Principal() + "]";
  }
}
