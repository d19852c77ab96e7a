package dev.converge.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OutageTest {
  private static final long NOW = -5; // nanoTime may be negative
  private static final long SECOND = 1_000_000_000;

  private static Outage outage(Duration window) {
    return new Outage(new Resumption(window, new RecordedNotices()), "gone", 0, NOW);
  }

  @Test
  void pausesGrowFromNoneToFiveSecondsAndNoTwoAreAlike() {
    Outage outage = outage(Duration.ofMinutes(5));
    List<Long> pauses = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      pauses.add(outage.pause() / 1_000_000);
      outage.failed("no", 0);
    }

    long[] middles = {0, 250, 500, 1000, 2000, 4000, 5000, 5000};
    for (int i = 0; i < middles.length; i++) {
      assertThat(pauses.get(i)).isBetween(middles[i] * 8 / 10, middles[i] * 12 / 10);
    }
    assertThat(pauses).doesNotHaveDuplicates();
  }

  @Test
  void wishOfTheRelayIsGrantedUpToHalfAMinute() {
    Outage outage = outage(Duration.ofMinutes(5));
    outage.failed("busy", 7);
    assertThat(outage.pause()).isEqualTo(7 * SECOND);
    outage.failed("busy", 3600);
    assertThat(outage.pause()).isEqualTo(30 * SECOND);
    outage.failed("gone", 0);
    assertThat(outage.pause()).isLessThan(2 * SECOND);
  }

  @Test
  void linesSayHowLongAndWhy() {
    Outage outage = outage(Duration.ofMinutes(5));
    outage.failed("no agent", 0);

    assertThat(outage.beginning())
        .isEqualTo("connection lost (gone); reconnecting for up to 5 min");
    assertThat(outage.ending(NOW + 12 * SECOND + 1)).isEqualTo("reconnected after 12 s");
    assertThat(outage.ending(NOW + 1)).isEqualTo("reconnected after 1 s");
    assertThat(outage.epitaph()).isEqualTo("the session was not resumed within 5 min: no agent");
    assertThat(outage(Duration.ofSeconds(90)).epitaph())
        .isEqualTo("the session was not resumed within 90 s: gone");
  }

  @Test
  void timeRunsFromTheLossOn() {
    Outage outage = outage(Duration.ofSeconds(10));
    assertThat(outage.left(NOW + 4 * SECOND)).isEqualTo(6 * SECOND);
    assertThat(outage.left(NOW + 10 * SECOND)).isZero();
  }
}
