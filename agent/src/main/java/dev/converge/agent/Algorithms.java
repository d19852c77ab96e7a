package dev.converge.agent;

import java.util.List;
import java.util.stream.Stream;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.cipher.Cipher;
import org.apache.sshd.common.compression.BuiltinCompressions;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.kex.extension.DefaultServerKexExtensionHandler;
import org.apache.sshd.common.mac.BuiltinMacs;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.server.ServerBuilder;
import org.apache.sshd.server.SshServer;

/**
 * What the server offers: an exchange first that a quantum computer does not break, the cipher that
 * Java is fast with, and nothing that ssh-audit warns of (SHA-1, CBC, NIST's curves for the
 * exchange, a MAC over the plain text).
 */
final class Algorithms {
  /** Java moves three times as much with these as with ChaCha20, twice as with CTR and a MAC. */
  private static final List<NamedFactory<Cipher>> FAST =
      List.of(BuiltinCiphers.aes128gcm, BuiltinCiphers.aes256gcm);

  private static final List<NamedFactory<Cipher>> ALL =
      List.of(
          BuiltinCiphers.aes128gcm,
          BuiltinCiphers.aes256gcm,
          BuiltinCiphers.aes256ctr,
          BuiltinCiphers.aes192ctr,
          BuiltinCiphers.aes128ctr);

  private static final List<NamedFactory<Signature>> SIGNATURES =
      List.of(
          BuiltinSignatures.ed25519,
          BuiltinSignatures.sk_ssh_ed25519,
          BuiltinSignatures.nistp256,
          BuiltinSignatures.nistp384,
          BuiltinSignatures.nistp521,
          BuiltinSignatures.sk_ecdsa_sha2_nistp256,
          BuiltinSignatures.rsaSHA512,
          BuiltinSignatures.rsaSHA256);

  private static final List<NamedFactory<Signature>> BY_CERTIFICATE =
      List.of(
          BuiltinSignatures.ed25519_cert,
          BuiltinSignatures.nistp256_cert,
          BuiltinSignatures.nistp384_cert,
          BuiltinSignatures.nistp521_cert,
          BuiltinSignatures.rsaSHA512_cert,
          BuiltinSignatures.rsaSHA256_cert);

  private Algorithms() {}

  /** How users prove that they own a key. */
  static List<NamedFactory<Signature>> ofUsers() {
    return Stream.concat(SIGNATURES.stream(), BY_CERTIFICATE.stream()).toList();
  }

  static void offer(SshServer server) {
    server.setKeyExchangeFactories(
        NamedFactory.setUpTransformedFactories(
            true,
            List.of(
                BuiltinDHFactories.mlkem768x25519,
                BuiltinDHFactories.sntrup761x25519,
                BuiltinDHFactories.sntrup761x25519_openssh,
                BuiltinDHFactories.curve25519,
                BuiltinDHFactories.curve25519_libssh,
                BuiltinDHFactories.dhg16_512,
                BuiltinDHFactories.dhg18_512),
            ServerBuilder.DH2KEX));
    server.setCipherFactories(ALL);
    server.setMacFactories(List.of(BuiltinMacs.hmacsha256etm, BuiltinMacs.hmacsha512etm));
    server.setSignatureFactories(SIGNATURES);
    // Tells clients which signatures their RSA keys may make.
    server.setKexExtensionHandler(DefaultServerKexExtensionHandler.INSTANCE);
    server.setCompressionFactories(
        List.of(BuiltinCompressions.none, BuiltinCompressions.delayedZlib));
  }

  /**
   * An OpenSSH client always knows AES-GCM, but up to 9.8 it prefers CTR; the client's preference
   * decides, so that such a client is not offered anything else.
   */
  static void narrow(Session session, String clientVersion) {
    if (clientVersion.startsWith("SSH-2.0-OpenSSH_")) {
      session.setCipherFactories(FAST);
    }
  }
}
