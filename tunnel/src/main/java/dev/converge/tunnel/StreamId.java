package dev.converge.tunnel;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The name of a resumable stream: 128 random bits that its client has chosen. Who knows it can take
 * the stream over, so no more than its first quarter is ever shown.
 */
public record StreamId(long high, long low) {
  private static final int SHOWN = 8;

  /** In place of an ID where there is none. */
  static final StreamId NONE = new StreamId(0, 0);

  /** A new one. */
  public static StreamId random(SecureRandom random) {
    return new StreamId(random.nextLong(), random.nextLong());
  }

  static StreamId read(ByteBuffer from) {
    return new StreamId(from.getLong(), from.getLong());
  }

  void write(ByteBuffer to) {
    to.putLong(high).putLong(low);
  }

  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(high >>> Integer.SIZE, SHOWN) + "...";
  }
}
