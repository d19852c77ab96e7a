package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class BackoffTest {
  private final Backoff backoff =
      new Backoff(Duration.ofMillis(250), Duration.ofSeconds(15), new SplittableRandom(1));

  @Test
  void pausesDoubleUpToTheLongest() {
    for (long full = 250; full < 15_000; full *= 2) {
      assertThat(backoff.next().toMillis()).isBetween(full / 2, full);
    }
    for (int i = 0; i < 100; i++) {
      assertThat(backoff.next().toMillis()).isBetween(7500L, 15_000L);
    }
  }

  @Test
  void pausesOfACrowdSpreadOut() {
    assertThat(
            new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(2), new SplittableRandom(2))
                .next())
        .isNotEqualTo(
            new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(2), new SplittableRandom(3))
                .next());
  }

  @Test
  void resetBeginsWithTheShortest() {
    backoff.next();
    backoff.next();
    backoff.reset();

    assertThat(backoff.next().toMillis()).isBetween(125L, 250L);
  }
}
