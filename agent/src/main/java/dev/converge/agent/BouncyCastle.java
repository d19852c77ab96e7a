package dev.converge.agent;

import java.security.Provider;
import java.security.Security;
import java.util.List;
import java.util.Map;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.jspecify.annotations.Nullable;

/**
 * Bouncy Castle under the name that MINA knows it by, without its set-up: its own provider enters
 * all that it can, and computes the tables of every elliptic curve, before it makes an ed25519 key.
 * That one is only set up for what is neither here nor in the JDK.
 */
final class BouncyCastle extends Provider {
  private static final long serialVersionUID = 1;

  private static final String EDWARDS = "org.bouncycastle.jcajce.provider.asymmetric.edec.";

  private static final String DIGEST = "MessageDigest";

  /** What MINA looks for before there is a client, and who has it in each JDK. */
  private static final Map<String, String> OF_THE_JDK =
      Map.of(
          DIGEST,
          "SUN",
          "AlgorithmParameters.EC",
          "SunEC",
          "KeyPairGenerator.EC",
          "SunEC",
          "KeyPairGenerator.DH",
          "SunJCE");

  private static final class Whole {
    static final Provider PROVIDER = new BouncyCastleProvider();
  }

  BouncyCastle() {
    super(BouncyCastleProvider.PROVIDER_NAME, "1.84", "Bouncy Castle, as far as it is asked for");
    enter(List.of("KeyFactory", "KeyPairGenerator", "Signature"), List.of("Ed25519", "EdDSA"));
    enter(List.of("KeyFactory", "KeyPairGenerator", "KeyAgreement"), List.of("X25519", "X448"));
  }

  private void enter(List<String> types, List<String> names) {
    for (String type : types) {
      for (String name : names) {
        put(type + "." + name, EDWARDS + type + "Spi$" + name);
      }
    }
  }

  /** To be called before MINA looks which providers there are. */
  static void register() {
    if (Security.getProvider(BouncyCastleProvider.PROVIDER_NAME) == null) {
      Security.addProvider(new BouncyCastle());
    }
  }

  @Override
  public @Nullable Service getService(String type, String algorithm) {
    Service own = super.getService(type, algorithm);
    if (own != null) {
      return own;
    }
    String jdk = OF_THE_JDK.get(type + (type.equals(DIGEST) ? "" : "." + algorithm));
    Provider provider = jdk == null ? null : Security.getProvider(jdk);
    Service theirs = provider == null ? null : provider.getService(type, algorithm);
    return theirs == null ? Whole.PROVIDER.getService(type, algorithm) : theirs;
  }
}
