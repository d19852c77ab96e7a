package dev.converge.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class OutagesTest {
  private static final long SECOND = 1_000_000_000;

  private final Outages outages = outages(Duration.ofMinutes(5));

  private static Outages outages(Duration window) {
    return new Outages(new Resumption(window, new RecordedNotices()));
  }

  private static long pause(@Nullable Outage begun) {
    assertThat(begun).isNotNull();
    return begun.pause();
  }

  @Test
  void everyOutageIsToldOnceHoweverManyAttemptsFail() {
    Outage begun = outages.lost("gone", 0);
    assertThat(begun).isNotNull().isSameAs(outages.current());
    assertThat(outages.lost("gone again", SECOND)).isNull();
    outages.answered(7 * SECOND);

    assertThat(outages.current()).isNull();
    assertThat(outages.untold()).isEqualTo("connection lost (gone); reconnecting for up to 5 min");
    assertThat(outages.untold()).isEqualTo("reconnected after 7 s");
    assertThat(outages.untold()).isNull();
  }

  @Test
  void firstAnswerEndsNoOutage() {
    outages.answered(0);
    assertThat(outages.untold()).isNull();
  }

  @Test
  void outageThatMayNotLastIsNotTold() {
    Outages none = outages(Duration.ZERO);
    assertThat(none.lost("gone", 0)).isNull();
    assertThat(none.current()).isNotNull();
    assertThat(none.untold()).isNull();
  }

  @Test
  void pathThatBroughtSomethingIsReplacedAtOnce() {
    outages.lost("gone", 0);
    outages.answered(SECOND);
    outages.arrived();

    assertThat(pause(outages.lost("gone", 2 * SECOND))).isZero();
  }

  @Test
  void pathThatBroughtNothingCountsAsAFailure() {
    outages.lost("gone", 0);
    outages.arrived();
    outages.answered(SECOND);

    assertThat(pause(outages.lost("gone", 2 * SECOND))).isPositive();
  }
}
