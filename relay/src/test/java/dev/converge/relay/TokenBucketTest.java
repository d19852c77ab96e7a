package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class TokenBucketTest {
  private static final long SECOND = 1_000_000_000L;

  /** Far enough to run over in the middle of the tests, as a nano time may. */
  private final long start = Long.parseLong("9223372035854775807");

  private final TokenBucket bucket = new TokenBucket(5, Duration.ofSeconds(2), start);

  private int takeAll(long now) {
    int taken = 0;
    while (taken < 1000 && bucket.take(now)) {
      taken++;
    }
    return taken;
  }

  @Test
  void burstPassesAtOnceAndThenTheRate() {
    assertThat(takeAll(start)).isEqualTo(10);
    assertThat(takeAll(start + SECOND / 5 - 1)).isZero();
    assertThat(takeAll(start + SECOND / 5)).isEqualTo(1);
    assertThat(takeAll(start + 2 * SECOND)).isEqualTo(9);
  }

  @Test
  void nothingMoreIsSavedThanTheBurst() {
    assertThat(takeAll(start + 3600 * SECOND)).isEqualTo(10);
  }

  @Test
  void bucketIsFullAgainOnceAllHasComeBack() {
    assertThat(bucket.isFull(start)).isTrue();
    takeAll(start);
    assertThat(bucket.isFull(start + 2 * SECOND - 1)).isFalse();
    assertThat(bucket.isFull(start + 2 * SECOND)).isTrue();
  }

  @Test
  void whatIsSpentOnCreditIsPaidBackInItsTime() {
    assertThat(bucket.spend(10, start)).isZero();
    assertThat(bucket.spend(5, start)).isEqualTo(SECOND);
    assertThat(bucket.spend(5, start)).isEqualTo(2 * SECOND);
    assertThat(bucket.spend(0, start + SECOND)).isEqualTo(SECOND);
    assertThat(bucket.take(start + 2 * SECOND)).isFalse();
    assertThat(bucket.take(start + 2 * SECOND + SECOND / 5)).isTrue();
  }
}
