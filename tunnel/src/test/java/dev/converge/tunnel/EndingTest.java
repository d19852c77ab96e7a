package dev.converge.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class EndingTest {
  private static final CloseReason OURS = CloseReason.normal("ours");
  private static final CloseReason THEIRS = CloseReason.normal("theirs");
  private static final long NEVER = Long.MAX_VALUE;
  private static final long NOW = -5; // nanoTime may be negative

  private final Ending ending = new Ending(100);

  @Test
  void nobodyIsGivenUpBeforeTheEnd() {
    ending.heard(false, NOW);

    assertThat(ending.hasBegun()).isFalse();
    assertThat(ending.untilGivenUp(false, NOW + 1000)).isEqualTo(NEVER);
  }

  @Test
  void peerThatLacksSomethingOfOursIsWaitedFor() {
    assertThat(ending.close(OURS, NOW)).isTrue();
    ending.heard(false, NOW + 1);

    assertThat(ending.untilGivenUp(false, NOW + 1000)).isEqualTo(NEVER);
  }

  @Test
  void peerThatHasAllIsGivenUpWhenItHasBeenSilent() {
    ending.close(OURS, NOW);

    assertThat(ending.heard(true, NOW + 10)).isTrue();
    assertThat(ending.untilGivenUp(false, NOW + 30)).isEqualTo(80);
    assertThat(ending.untilGivenUp(false, NOW + 110)).isZero();
    assertThat(ending.lastSaid()).isEqualTo(OURS);
  }

  @Test
  void signsOfLifeOfAPeerThatHasAllDoNotSaveIt() {
    ending.close(OURS, NOW);
    ending.heard(true, NOW + 10);

    assertThat(ending.heard(true, NOW + 90)).isFalse();
    assertThat(ending.untilGivenUp(false, NOW + 110)).isZero();
  }

  @Test
  void peerIsNotGivenUpWhileItIsWhoWaits() {
    ending.close(OURS, NOW);
    ending.heard(true, NOW + 10);
    assertThat(ending.untilGivenUp(true, NOW + 1000)).isEqualTo(NEVER);

    ending.restart(NOW + 1000);
    assertThat(ending.untilGivenUp(false, NOW + 1040)).isEqualTo(60);
  }

  @Test
  void endOfThePeerCountsBeforeOurs() {
    ending.close(OURS, NOW);
    ending.peerEnded(THEIRS, NOW + 50);

    assertThat(ending.lastSaid()).isEqualTo(THEIRS);
    assertThat(ending.untilGivenUp(false, NOW + 60)).isEqualTo(90);
    assertThat(ending.isOver()).isFalse();
  }

  @Test
  void onlyTheFirstEndCounts() {
    ending.peerEnded(THEIRS, NOW);
    assertThat(ending.close(OURS, NOW)).isFalse();
    assertThat(ending.own()).isNull();

    ending.over(CloseReason.lost("gone"), "all is lost");
    ending.over(OURS, "");
    assertThat(ending.outcome()).isEqualTo(CloseReason.lost("gone"));
    assertThat(ending.epitaph()).isEqualTo("all is lost");
  }

  @Test
  void reasonIsTheEpitaphIfThereIsNoOther() {
    ending.over(CloseReason.lost("gone"), "");
    assertThat(ending.epitaph()).isEqualTo("the session ended early: 1006 gone");
  }
}
