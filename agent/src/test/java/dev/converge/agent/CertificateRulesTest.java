package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.time.Instant;
import java.util.List;
import org.apache.sshd.certificate.OpenSshCertificateBuilder;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.config.keys.OpenSshCertificateImpl;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CertificateRulesTest {
  private static final Instant NOW = Instant.parse("2030-01-02T03:04:05Z");
  private static KeyPair authority;
  private static KeyPair user;

  private final CertificateRules rules = new CertificateRules(List.of("abc"));

  @BeforeAll
  static void makeKeys() throws Exception {
    authority = KeyUtils.generateKeyPair("ecdsa-sha2-nistp256", 256);
    user = KeyUtils.generateKeyPair("ecdsa-sha2-nistp384", 384);
  }

  /** A certificate that is good from {@link #NOW} for one second. */
  private static OpenSshCertificateBuilder good() {
    return as(OpenSshCertificateBuilder.userCertificate());
  }

  private static OpenSshCertificateBuilder as(OpenSshCertificateBuilder type) {
    return type.publicKey(user.getPublic())
        .id("me")
        .principals(List.of("x", "abc"))
        .validAfter(NOW)
        .validBefore(NOW.plusSeconds(1));
  }

  private Permissions check(OpenSshCertificate certificate) throws CertificateException {
    return rules.check(certificate, List.of(authority.getPublic()), NOW);
  }

  private void assertRefused(OpenSshCertificate certificate, String reason) {
    assertThatExceptionOfType(CertificateException.class)
        .isThrownBy(() -> check(certificate))
        .withMessageContaining(reason);
  }

  @ParameterizedTest
  @CsvSource({
    "ssh-ed25519, 256, ssh-ed25519",
    "ecdsa-sha2-nistp256, 256, ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp521, 521, ecdsa-sha2-nistp521",
    "ssh-rsa, 2048, rsa-sha2-256",
    "ssh-rsa, 2048, rsa-sha2-512"
  })
  void signaturesOfAllGoodKindsAreAccepted(String type, int bits, String algorithm)
      throws Exception {
    KeyPair signer = KeyUtils.generateKeyPair(type, bits);
    OpenSshCertificate certificate = good().sign(signer, algorithm);
    List<PublicKey> trusted = List.of(authority.getPublic(), signer.getPublic());

    assertThat(rules.check(certificate, trusted, NOW)).isNotNull();
    assertRefused(certificate, "its authority is not trusted");
  }

  @Test
  void sha1IsRefused() throws Exception {
    KeyPair signer = KeyUtils.generateKeyPair("ssh-rsa", 2048);
    OpenSshCertificate certificate = good().sign(signer, "ssh-rsa");

    assertThatExceptionOfType(CertificateException.class)
        .isThrownBy(() -> rules.check(certificate, List.of(signer.getPublic()), NOW))
        .withMessageContaining("not accepted");
  }

  @Test
  void ownerOfTheKeyCannotSignForItself() throws Exception {
    assertRefused(good().sign(user), "its authority is not trusted");
  }

  @Test
  void eachFlippedByteSpoilsTheSignature() throws Exception {
    for (int i : new int[] {0, 40, 150, 250}) {
      OpenSshCertificateImpl forged = (OpenSshCertificateImpl) good().sign(authority);
      byte[] message = forged.getMessage().clone();
      message[i] ^= 1;
      forged.setMessage(message);
      assertRefused(forged, "its signature is wrong");
    }
    OpenSshCertificateImpl forged = (OpenSshCertificateImpl) good().sign(authority);
    byte[] signature = forged.getSignature().clone();
    signature[signature.length - 1] ^= 1;
    forged.setSignature(signature);
    assertRefused(forged, "its signature is wrong");
  }

  @Test
  void certificateOfAHostIsRefused() throws Exception {
    assertRefused(as(OpenSshCertificateBuilder.hostCertificate()).sign(authority), "not a user's");
  }

  @Test
  void timeIsFromTheFirstSecondToBeforeTheLast() throws Exception {
    OpenSshCertificate certificate = good().sign(authority);
    assertThat(check(certificate)).isNotNull();
    List<PublicKey> trusted = List.of(authority.getPublic());
    assertThatExceptionOfType(CertificateException.class)
        .isThrownBy(() -> rules.check(certificate, trusted, NOW.minusSeconds(1)))
        .withMessage("not valid yet");
    assertThatExceptionOfType(CertificateException.class)
        .isThrownBy(() -> rules.check(certificate, trusted, NOW.plusSeconds(1)))
        .withMessage("expired");
  }

  @Test
  void certificateForEverIsValidNow() throws Exception {
    OpenSshCertificate certificate =
        good().validAfter(0).validBefore(OpenSshCertificate.INFINITY).sign(authority);
    assertThat(check(certificate)).isNotNull();
  }

  @Test
  void principalMustBeThere() throws Exception {
    assertRefused(good().principals(List.of()).sign(authority), "none of its principals");
    assertRefused(good().principals(List.of("root")).sign(authority), "none of its principals");
    assertRefused(good().principals(List.of("ABC", "abc ")).sign(authority), "none of its");
  }

  @Test
  void otherPrincipalsStandInForTheUsersName() throws Exception {
    CertificateRules others = new CertificateRules(List.of("dev", "ops"));
    List<PublicKey> trusted = List.of(authority.getPublic());
    OpenSshCertificate ops = good().principals(List.of("ops")).sign(authority);
    OpenSshCertificate abc = good().principals(List.of("abc")).sign(authority);

    assertThat(others.check(ops, trusted, NOW)).isNotNull();
    assertThatExceptionOfType(CertificateException.class)
        .isThrownBy(() -> others.check(abc, trusted, NOW));
  }

  @Test
  void extensionsPermitAndNothingElseDoes() throws Exception {
    assertThat(check(good().sign(authority))).isEqualTo(new Permissions(false, false, false, null));
    assertThat(check(good().extension("permit-pty", "").extension("x@y", "").sign(authority)))
        .isEqualTo(new Permissions(true, false, false, null));
    assertThat(
            check(
                good()
                    .extension("permit-agent-forwarding", "")
                    .extension("permit-port-forwarding", "")
                    .sign(authority)))
        .isEqualTo(new Permissions(false, true, true, null));
  }

  @Test
  void forcedCommandIsObeyed() throws Exception {
    assertThat(check(good().criticalOption("force-command", "uptime -p").sign(authority)).command())
        .isEqualTo("uptime -p");
  }

  @ParameterizedTest
  @ValueSource(strings = {"source-address", "verify-required", "no-such-option@example.org"})
  void conditionThatCannotBeSeenToIsRefused(String condition) throws Exception {
    assertRefused(good().criticalOption(condition, "192.0.2.0/24").sign(authority), "it has");
    assertRefused(
        good().criticalOption("force-command", "x").criticalOption(condition, "").sign(authority),
        "it has");
  }
}
