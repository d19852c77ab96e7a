package dev.converge.tunnel;

import java.nio.ByteBuffer;
import java.security.SecureRandom;

/**
 * Keys to mask frames with, which nobody can predict (RFC 6455, section 5.3). Several are drawn at
 * a time, as most frames are short: a keystroke. For one thread at a time.
 */
public final class MaskKeys {
  private static final int AT_A_TIME = 16;

  private final SecureRandom random;
  private final byte[] drawn = new byte[AT_A_TIME * Integer.BYTES];
  private final ByteBuffer keys = ByteBuffer.wrap(drawn).position(drawn.length);

  public MaskKeys(SecureRandom random) {
    this.random = random;
  }

  /** The next key, which is given out only once. */
  public int next() {
    if (!keys.hasRemaining()) {
      random.nextBytes(drawn);
      keys.clear();
    }
    return keys.getInt();
  }
}
