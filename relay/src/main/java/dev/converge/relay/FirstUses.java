package dev.converge.relay;

import dev.converge.relay.TokenRefusal.Kind;
import dev.converge.tunnel.Protocol;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * When each valid token was used first. It counts for 30 s from then on, so that the tolerance for
 * clocks gives nothing to those who overheard it. For all event loops.
 */
final class FirstUses {
  private static final long USABLE = Protocol.TOKEN_LIFETIME.toNanos();

  /** No token is valid for longer than this; the second is what clocks in whole seconds hide. */
  private static final long REMEMBERED =
      Protocol.TOKEN_LIFETIME.plus(TokenTimes.SKEW.multipliedBy(2)).plusSeconds(1).toNanos();

  /** The start of a token's signature; none but who has the secret could make two alike. */
  record Mark(long high, long low) {
    static Mark of(byte[] signature) {
      ByteBuffer bytes = ByteBuffer.wrap(signature);
      return new Mark(bytes.getLong(), bytes.getLong());
    }
  }

  private final int most;
  private final LongSupplier nanoTime;

  /** By first use, the oldest first. */
  private final Map<Mark, Long> firstUses = new LinkedHashMap<>();

  /**
   * @param most how many tokens are remembered at once
   */
  FirstUses(int most, LongSupplier nanoTime) {
    this.most = most;
    this.nanoTime = nanoTime;
  }

  /** Notes that a token, which is known to be valid, is used. */
  synchronized void use(Mark token) throws TokenRefusal {
    long now = nanoTime.getAsLong();
    forgetBefore(now - REMEMBERED);
    Long first = firstUses.get(token);
    if (first != null && now - first >= USABLE) {
      throw TokenRefusal.invalid(
          "the token was used "
              + Duration.ofNanos(now - first).toSeconds()
              + " s ago already: make one for each connection");
    }
    if (first == null && firstUses.size() >= most) {
      throw new TokenRefusal(Kind.TOO_MANY, "too many tokens come to this relay; try again later");
    }
    firstUses.putIfAbsent(token, now);
  }

  private void forgetBefore(long time) {
    Iterator<Long> oldest = firstUses.values().iterator();
    while (oldest.hasNext() && oldest.next() - time < 0) {
      oldest.remove();
    }
  }

  /** How many tokens are remembered. */
  synchronized int size() {
    return firstUses.size();
  }
}
