package dev.converge.tunnel;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

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

  /** As a record would do it, which takes the JVM 30 ms to find out, in the start of wsproxy. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof StreamId id && id.high == high && id.low == low;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(high ^ low);
  }

  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(high >>> Integer.SIZE, SHOWN) + "...";
  }
}
