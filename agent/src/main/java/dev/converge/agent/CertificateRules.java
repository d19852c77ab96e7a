package dev.converge.agent;

import dev.converge.tunnel.Text;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.config.keys.OpenSshCertificate.CertificateOption;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;
import org.jspecify.annotations.Nullable;

/**
 * What makes a user certificate good (OpenSSH, PROTOCOL.certkeys), in full: MINA looks at the type,
 * the time and the signature, but not at who signed, for whom, and under which conditions.
 */
final class CertificateRules {
  private static final List<NamedFactory<Signature>> SIGNATURES =
      List.of(
          BuiltinSignatures.ed25519,
          BuiltinSignatures.nistp256,
          BuiltinSignatures.nistp384,
          BuiltinSignatures.nistp521,
          BuiltinSignatures.rsaSHA512,
          BuiltinSignatures.rsaSHA256);

  private static final Set<String> SIGNERS =
      Set.of(
          "ssh-ed25519",
          "ecdsa-sha2-nistp256",
          "ecdsa-sha2-nistp384",
          "ecdsa-sha2-nistp521",
          "ssh-rsa");

  private final List<String> principals;

  /**
   * @param principals the names of which a certificate must have one
   */
  CertificateRules(List<String> principals) {
    this.principals = principals;
  }

  /** Whether a key is of a kind whose signatures are believed. */
  static boolean canSign(PublicKey key) {
    return SIGNERS.contains(String.valueOf(KeyUtils.getKeyType(key)));
  }

  /**
   * What its owner may do.
   *
   * @throws CertificateException if it is not good; the message is meant for the log
   */
  Permissions check(OpenSshCertificate certificate, List<PublicKey> authorities, Instant now)
      throws CertificateException {
    PublicKey signer = certificate.getCaPubKey();
    if (authorities.stream().noneMatch(trusted -> KeyUtils.compareKeys(trusted, signer))) {
      throw new CertificateException("its authority is not trusted");
    }
    checkSignature(certificate, signer);
    if (certificate.getType() != OpenSshCertificate.Type.USER) {
      throw new CertificateException("not a user's certificate");
    }
    checkTime(certificate, now);
    if (certificate.getPrincipals().stream().noneMatch(principals::contains)) {
      throw new CertificateException("none of its principals is one of " + principals);
    }
    return permissions(certificate);
  }

  private static void checkSignature(OpenSshCertificate certificate, PublicKey signer)
      throws CertificateException {
    String algorithm = String.valueOf(certificate.getSignatureAlgorithm());
    Signature verifier = NamedFactory.create(SIGNATURES, algorithm);
    String kind = KeyUtils.getKeyType(signer);
    if (verifier == null || !KeyUtils.getCanonicalKeyType(algorithm).equals(kind)) {
      throw new CertificateException("it is signed in a way that is not accepted");
    }
    if (!verifies(verifier, certificate, signer)) {
      throw new CertificateException("its signature is wrong");
    }
  }

  private static boolean verifies(
      Signature verifier, OpenSshCertificate certificate, PublicKey signer) {
    try {
      verifier.initVerifier(null, signer);
      verifier.update(null, certificate.getMessage());
      return verifier.verify(null, certificate.getSignature());
    } catch (Exception e) {
      return false; // bytes that are no signature at all
    }
  }

  private static void checkTime(OpenSshCertificate certificate, Instant now)
      throws CertificateException {
    long second = now.getEpochSecond();
    if (Long.compareUnsigned(second, certificate.getValidAfter()) < 0) {
      throw new CertificateException("not valid yet");
    }
    if (Long.compareUnsigned(second, certificate.getValidBefore()) >= 0) {
      throw new CertificateException("expired");
    }
  }

  private static Permissions permissions(OpenSshCertificate certificate)
      throws CertificateException {
    Set<String> permitted = new HashSet<>();
    certificate.getExtensions().forEach(extension -> permitted.add(extension.getName()));
    return new Permissions(
        permitted.contains("permit-pty"),
        permitted.contains("permit-port-forwarding"),
        permitted.contains("permit-agent-forwarding"),
        command(certificate.getCriticalOptions()));
  }

  /** The command of {@code force-command}; no other condition can be seen to here. */
  private static @Nullable String command(List<CertificateOption> conditions)
      throws CertificateException {
    String command = null;
    for (CertificateOption condition : conditions) {
      if (!condition.getName().equals("force-command")) {
        throw new CertificateException(reason(condition.getName()));
      }
      command = String.valueOf(condition.getData());
    }
    return command;
  }

  private static String reason(String condition) {
    return switch (condition) {
      case "source-address" ->
          "it has a source-address, and only the relay knows where a client comes from";
      case "verify-required" -> "it has verify-required, which is not enforced here";
      default -> "it has a critical option that is not known: " + Text.excerpt(condition);
    };
  }
}
