package dev.converge.tunnel;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;

/**
 * Loads, in threads of their own, what the first handshakes need: the JDK takes about as long for
 * it as a program takes for its command line.
 */
final class WarmUp extends Thread {
  private final boolean tls;

  private WarmUp(boolean tls) {
    super("warm-up");
    this.tls = tls;
    setDaemon(true);
  }

  static void start(boolean secure) {
    if (secure) {
      new WarmUp(true).start();
    }
    new WarmUp(false).start();
  }

  @Override
  public void run() {
    if (tls) {
      useCurve();
    } else {
      Upgrade.warmUp();
    }
  }

  /** The JDK offers a key on this curve in each handshake; its first takes some 50 ms. */
  private static void useCurve() {
    try {
      KeyPairGenerator keys = KeyPairGenerator.getInstance("EC");
      keys.initialize(new ECGenParameterSpec("secp256r1"));
      keys.generateKeyPair();
    } catch (GeneralSecurityException e) {
      // The handshake will say what is missing, if it misses it.
    }
  }
}
