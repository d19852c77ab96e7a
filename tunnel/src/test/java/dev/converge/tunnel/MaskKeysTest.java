package dev.converge.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class MaskKeysTest {
  private static final int MANY = 1000;

  /** Counts how often it was asked, and what it gave away. */
  private static final class CountingRandom extends SecureRandom {
    private static final long serialVersionUID = 1;
    private int draws;
    private int bytes;

    @Override
    public void nextBytes(byte[] target) {
      super.nextBytes(target);
      draws++;
      bytes += target.length;
    }
  }

  private final CountingRandom random = new CountingRandom();
  private final MaskKeys keys = new MaskKeys(random);

  @Test
  void noKeyIsGivenOutTwice() {
    assertThat(IntStream.range(0, MANY).map(i -> keys.next()).distinct().count())
        .isGreaterThan(MANY - 10);
    assertThat(random.bytes).isGreaterThanOrEqualTo(MANY * Integer.BYTES);
  }

  @Test
  void keysAreDrawnSeveralAtATime() {
    IntStream.range(0, MANY).forEach(i -> keys.next());

    assertThat(random.draws).isLessThan(MANY / 10);
  }
}
