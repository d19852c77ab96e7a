package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.converge.agent.Attempts.Outcome;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

final class AttemptsTest {
  private long now = -5_000_000_000L;
  private final Attempts attempts = new Attempts(LoginLimits.USUAL, () -> now);

  private void pass(Duration time) {
    now += time.toNanos();
  }

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      assertThat(attempts.guess(() -> false).outcome()).isEqualTo(Outcome.WRONG);
    }
  }

  @Test
  void eachFailureIsAnsweredLaterUpToABound() {
    assertThat(attempts.failed()).hasMillis(500);
    assertThat(attempts.failed()).hasMillis(1000);
    assertThat(attempts.failed()).hasMillis(2000);
    assertThat(attempts.failed()).hasMillis(4000);
    assertThat(attempts.failed()).hasMillis(4000);
  }

  @Test
  void rightGuessIsAnsweredAtOnce() {
    fail(19);
    assertThat(attempts.guess(() -> true))
        .isEqualTo(new Attempts.Verdict(Outcome.RIGHT, Duration.ZERO));
  }

  @Test
  void twentyFailuresWithinAMinuteRefuseEvenTheRightGuessForAMinute() {
    fail(20);
    pass(Duration.ofSeconds(18));
    assertThat(attempts.guess(() -> true))
        .isEqualTo(new Attempts.Verdict(Outcome.REFUSED, Duration.ofSeconds(42)));
    pass(Duration.ofSeconds(42));
    assertThat(attempts.guess(() -> true).outcome()).isEqualTo(Outcome.RIGHT);
    assertThat(attempts.refusedFor()).isZero();
  }

  @Test
  void failuresCountAnewAfterARefusal() {
    fail(20);
    pass(Duration.ofMinutes(1));
    assertThat(attempts.failed()).hasMillis(500);
    fail(18);
    assertThat(attempts.refusedFor()).isZero();
    fail(1);
    assertThat(attempts.refusedFor()).hasMinutes(1);
  }

  @Test
  void failuresOfMoreThanAMinuteAgoAreForgotten() {
    fail(19);
    pass(Duration.ofMinutes(1));
    fail(19);
    assertThat(attempts.refusedFor()).isZero();
  }

  /** Keys that were offered before may still be counted when their connections end. */
  @Test
  void failuresDuringARefusalDoNotProlongIt() {
    fail(20);
    pass(Duration.ofSeconds(59));
    for (int i = 0; i < 20; i++) {
      attempts.failed();
    }
    pass(Duration.ofSeconds(1));
    assertThat(attempts.refusedFor()).isZero();
  }

  @Test
  void manyGuessesAtOnceAreNotLookedAtMoreOftenThanTheLimit() throws Exception {
    var looked = new AtomicInteger();
    var start = new CountDownLatch(1);
    ExecutorService clients = Executors.newFixedThreadPool(50);
    for (int i = 0; i < 200; i++) {
      var unused =
          clients.submit(
              () -> {
                start.await();
                return attempts.guess(
                    () -> {
                      looked.incrementAndGet();
                      LockSupport.parkNanos(100_000); // others get the chance to come in between
                      return false;
                    });
              });
    }
    start.countDown();
    clients.shutdown();
    assertThat(clients.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    assertThat(looked).hasValue(20);
  }
}
