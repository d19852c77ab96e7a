package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class BackoffTest {
  private static final Duration LONGEST = Duration.ofSeconds(15);

  private final Backoff backoff = new Backoff(Duration.ofMillis(250), new SplittableRandom(1));

  @Test
  void pausesDoubleUpToTheLongest() {
    for (long full = 250; full < 15_000; full *= 2) {
      assertThat(backoff.next(LONGEST).toMillis()).isBetween(full / 2, full);
    }
    for (int i = 0; i < 100; i++) {
      assertThat(backoff.next(LONGEST).toMillis()).isBetween(7500L, 15_000L);
    }
  }

  @Test
  void pausesOfACrowdSpreadOut() {
    assertThat(new Backoff(Duration.ofSeconds(1), new SplittableRandom(2)).next(LONGEST))
        .isNotEqualTo(new Backoff(Duration.ofSeconds(1), new SplittableRandom(3)).next(LONGEST));
  }

  @Test
  void resetBeginsWithTheShortest() {
    backoff.next(LONGEST);
    backoff.next(LONGEST);
    backoff.reset();

    assertThat(backoff.next(LONGEST).toMillis()).isBetween(125L, 250L);
  }
}
