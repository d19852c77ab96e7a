package dev.converge.tunnel;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;

/**
 * Private keys in PEM, as the tools of the world write them: PKCS#8 (RFC 5208), and the older forms
 * of RSA (PKCS#1, RFC 8017) and EC (SEC 1, RFC 5915).
 *
 * <p>Neither the JDK nor Netty reads the older two without Bouncy Castle, which is ten times as
 * large as the programs that need a key here. All that is missing is the frame of PKCS#8 around
 * them, which says what kind of key it is.
 */
final class PrivateKeys {
  private static final byte[] VERSION_0 = Der.element(Der.INTEGER, new byte[1]);
  private static final byte[] RSA = {
    0x30,
    0x0d,
    0x06,
    0x09,
    0x2a,
    (byte) 0x86,
    0x48,
    (byte) 0x86,
    (byte) 0xf7,
    0x0d,
    0x01,
    0x01,
    0x01,
    0x05,
    0x00
  };
  private static final byte[] EC = {
    0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01
  };

  /** Where SEC 1 has the curve. */
  private static final int PARAMETERS = 0xa0;

  private PrivateKeys() {}

  /**
   * The first private key of a file.
   *
   * @throws IOException if there is none that can be used; the message is meant for the user
   */
  static PrivateKey read(Path file) throws IOException {
    try {
      for (Pem.Block block : Pem.read(file)) {
        if (block.label().endsWith("PRIVATE KEY")) {
          return key(block, file);
        }
      }
      throw new IOException("no private key in it (expected: PEM)");
    } catch (IOException e) {
      String name = Text.printable(file.toString());
      throw new IOException("key file " + name + ": " + e.getMessage(), e);
    }
  }

  private static PrivateKey key(Pem.Block block, Path file) throws IOException {
    if (block.encrypted()) {
      throw new IOException(
          "the key is encrypted (expected: not); 'openssl pkey -in "
              + Text.printable(file.toString())
              + " -out PLAIN' decrypts it");
    }
    return switch (block.label()) {
      case "PRIVATE KEY" -> of(block.der());
      case "RSA PRIVATE KEY" -> of(pkcs8(RSA, block.der()));
      case "EC PRIVATE KEY" -> of(pkcs8(ec(block.der()), block.der()));
      default ->
          throw new IOException(
              "a key of the kind '" + Text.excerpt(block.label()) + "' (expected: RSA or EC)");
    };
  }

  private static byte[] pkcs8(byte[] algorithm, byte[] key) {
    return Der.element(Der.SEQUENCE, VERSION_0, algorithm, Der.element(Der.OCTETS, key));
  }

  /** The kind of a key in SEC 1, with the curve that stands inside it. */
  private static byte[] ec(byte[] key) throws IOException {
    return Der.element(Der.SEQUENCE, EC, Der.first(PARAMETERS, Der.first(Der.SEQUENCE, key)));
  }

  private static PrivateKey of(byte[] pkcs8) throws IOException {
    for (String algorithm : List.of("RSA", "EC")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (GeneralSecurityException e) {
        // It may be of the other kind.
      }
    }
    throw new IOException("the key in it is neither RSA nor EC, or damaged (expected: RSA or EC)");
  }
}
