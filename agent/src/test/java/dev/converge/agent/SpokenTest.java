package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SpokenTest {
  @ParameterizedTest
  @CsvSource({
    "PT0S, 0 seconds",
    "PT1S, 1 second",
    "PT119.6S, 2 minutes",
    "PT1M30S, 1 minute 30 seconds",
    "PT1H1S, 1 hour 1 second",
    "PT26H5M9S, 1 day 2 hours",
  })
  void durationIsSaidInItsTwoLargestUnits(Duration duration, String spoken) {
    assertThat(Spoken.duration(duration)).isEqualTo(spoken);
  }
}
