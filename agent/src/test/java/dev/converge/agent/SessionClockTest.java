package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SessionClockTest {
  private static final Instant BEGIN = Instant.parse("2026-01-01T12:00:00Z");
  private static final String CLIENT = "192.0.2.1:5";

  @TempDir Path agentdir;

  private Duration now = Duration.ZERO;
  private Duration wallJump = Duration.ZERO;
  private @Nullable Duration endedAt;
  private String endReason = "";
  private final Map<Duration, String> warned = new LinkedHashMap<>();

  private final SessionClock.Audience audience =
      new SessionClock.Audience() {
        @Override
        public void warn(String message) {
          warned.put(now, message);
        }

        @Override
        public void end(String reason) {
          endedAt = now;
          endReason = reason;
        }
      };

  @Test
  void withoutAnyoneTheSessionExpires() {
    SessionClock clock = clock(config());

    pass(clock, minutes(11));

    assertThat(endedAt).isEqualTo(minutes(10));
    assertThat(endReason).isEqualTo("The session is over: there was no input for 10 minutes.");
  }

  @Test
  void inputAndLoginPostponeTheExpiry() {
    SessionClock clock = clock(config());

    pass(clock, minutes(9));
    clock.loggedIn(CLIENT);
    pass(clock, minutes(9));
    clock.input();
    pass(clock, minutes(11));

    assertThat(endedAt).isEqualTo(minutes(28));
  }

  @Test
  void warningsComeTwiceBeforeTheEnd() {
    pass(clock(config()), minutes(11));

    assertThat(warned)
        .containsExactly(
            entry(
                minutes(8), "Converge: this session ends in 2 minutes. Press any key to keep it."),
            entry(
                seconds(570),
                "Converge: this session ends in 30 seconds. Press any key to keep it."));
  }

  @Test
  void keyAfterAWarningRearmsIt() {
    SessionClock clock = clock(config());

    pass(clock, minutes(9));
    clock.input();
    pass(clock, minutes(11));

    assertThat(warned.keySet())
        .containsExactly(minutes(8), minutes(17), minutes(18).plusSeconds(30));
    assertThat(endedAt).isEqualTo(minutes(19));
  }

  @Test
  void endThatMovesALittleIsNotAnnouncedAgain() throws IOException {
    SessionClock clock = clock(config());

    pass(clock, minutes(8));
    touch(Duration.ofMillis(500));
    pass(clock, minutes(1));

    assertThat(warned.keySet()).containsExactly(minutes(8));
  }

  @Test
  void shortSessionIsWarnedOnceHalfWay() {
    pass(
        clock(new ClockConfig(seconds(10), seconds(1), minutes(2), null, ExitOn.LAST_EXIT)),
        minutes(1));

    assertThat(warned.keySet()).containsExactly(seconds(5));
    assertThat(endedAt).isEqualTo(seconds(10));
  }

  @Test
  void warningOfZeroMeansNone() {
    pass(
        clock(new ClockConfig(minutes(10), seconds(1), seconds(0), null, ExitOn.LAST_EXIT)),
        minutes(11));

    assertThat(warned).isEmpty();
    assertThat(endedAt).isEqualTo(minutes(10));
  }

  @Test
  void lastClientThatLeavesEndsTheSessionAfterALinger() {
    SessionClock clock = clock(config());

    clock.loggedIn("a");
    clock.loggedIn("b");
    pass(clock, minutes(1));
    clock.left("a");
    pass(clock, minutes(1));
    clock.left("b");
    pass(clock, minutes(1));

    assertThat(endedAt).isEqualTo(seconds(130));
    assertThat(endReason).isEqualTo("The session is over: its last client has left.");
  }

  @Test
  void nextClientWithinTheLingerKeepsTheSession() {
    SessionClock clock = clock(config());

    clock.loggedIn("scp");
    clock.left("scp");
    pass(clock, seconds(9));
    clock.loggedIn("ssh");
    pass(clock, minutes(1));

    assertThat(endedAt).isNull();
  }

  @Test
  void firstExitEndsTheSessionThoughOthersAreThere() {
    SessionClock clock =
        clock(new ClockConfig(minutes(10), seconds(10), minutes(2), null, ExitOn.FIRST_EXIT));

    clock.loggedIn("a");
    clock.loggedIn("b");
    clock.left("a");
    pass(clock, seconds(5));
    clock.loggedIn("c");
    pass(clock, seconds(6));

    assertThat(endedAt).isEqualTo(seconds(10));
  }

  @Test
  void holdKeepsTheSessionWhenItsLastClientLeaves() throws IOException {
    SessionClock clock = clock(config());
    clock.loggedIn(CLIENT);
    pass(clock, minutes(3));
    touch(minutes(3));
    clock.left(CLIENT);

    pass(clock, minutes(11));

    assertThat(endedAt).isEqualTo(minutes(13));
    assertThat(endReason).contains("no input for 10 minutes");
  }

  @Test
  void holdFromAnEarlierRunDoesNotShortenTheSession() throws IOException {
    touch(Duration.ofDays(-3));

    pass(clock(config()), minutes(11));

    assertThat(endedAt).isEqualTo(minutes(10));
  }

  @Test
  void holdTouchedInTheFutureExtendsFurther() throws IOException {
    SessionClock clock = clock(config());
    pass(clock, minutes(5));
    touch(minutes(125));

    assertThat(clock.remaining()).isEqualTo(minutes(130));
    pass(clock, minutes(140));

    assertThat(endedAt).isEqualTo(minutes(135));
    assertThat(warned.keySet()).containsExactly(minutes(133), minutes(134).plusSeconds(30));
  }

  @Test
  void removedHoldLetsTheExpiryActWithinASecond() throws IOException {
    SessionClock clock = clock(config());
    touch(minutes(120));
    pass(clock, minutes(30));
    Files.delete(hold());

    pass(clock, minutes(1));

    assertThat(endedAt).isBetween(minutes(30), minutes(30).plusSeconds(1));
  }

  @Test
  void removedHoldLetsTheLingerBegin() throws IOException {
    SessionClock clock = clock(config());
    clock.loggedIn(CLIENT);
    touch(minutes(120));
    pass(clock, seconds(1));
    clock.left(CLIENT);
    pass(clock, minutes(5));
    Files.delete(hold());

    pass(clock, minutes(1));

    assertThat(endedAt).isBetween(seconds(310), seconds(312));
  }

  @Test
  void wallClockThatJumpsDoesNotEndTheSession() {
    SessionClock clock = clock(config());
    pass(clock, minutes(1));
    wallJump = Duration.ofDays(1);

    pass(clock, minutes(8));

    assertThat(endedAt).isNull();
  }

  @Test
  void longestDurationEndsTheSessionInSpiteOfInputAndHold() throws IOException {
    SessionClock clock =
        clock(new ClockConfig(minutes(10), seconds(10), minutes(2), minutes(15), ExitOn.LAST_EXIT));
    touch(minutes(120));
    pass(clock, minutes(14));
    clock.input();

    pass(clock, minutes(2));

    assertThat(endedAt).isEqualTo(minutes(15));
    assertThat(endReason).isEqualTo("The session is over: it may last no longer than 15 minutes.");
    assertThat(warned.get(minutes(13)))
        .isEqualTo("Converge: this session ends in 2 minutes, whatever you do. Save your work.");
  }

  @Test
  void withoutHoldNothingIsPolled() {
    assertThat(clock(config()).tick(audience)).isEqualTo(minutes(8));
  }

  @Test
  void greetingSaysHowLongAndHowToChangeIt() throws IOException {
    SessionClock clock = clock(config());

    assertThat(clock.greeting())
        .startsWith(
            """
            Converge: this session ends in 10 minutes; after each key it has at least 10 minutes.
            It also ends 10 seconds after the last client has left.
            """);
    touch(minutes(120));
    assertThat(clock.greeting())
        .startsWith("Converge: this session ends in 2 hours 10 minutes; ")
        .contains("It stays when you leave, because .hold exists.\n");
  }

  @Test
  void greetingGivesTheCommandsOfTheSystem() {
    assertThat(greeting("Linux"))
        .contains("touch \"$agentdir/.hold\"", "touch -d '+2 hours' \"$agentdir/.hold\"", "rm \"");
    assertThat(greeting("Mac OS X")).contains("touch -t \"$(date -v+2H");
    assertThat(greeting("Windows 11")).contains("type nul > \"%agentdir%\\.hold\"", "New-Item");
    assertThat(greeting("Linux").lines()).allMatch(line -> line.length() <= 88);
  }

  @Test
  void threadOfItsOwnEndsTheSessionInRealTime() throws Exception {
    CompletableFuture<String> ended = new CompletableFuture<>();
    SessionClock clock =
        new SessionClock(
            new ClockConfig(minutes(10), Duration.ofMillis(20), minutes(2), null, ExitOn.LAST_EXIT),
            HoldFile.in(agentdir),
            TimeSource.system());
    clock.start(
        new SessionClock.Audience() {
          @Override
          public void warn(String message) {}

          @Override
          public void end(String reason) {
            ended.complete(reason);
          }
        });

    clock.loggedIn(CLIENT);
    clock.left(CLIENT);

    assertThat(ended.get(10, TimeUnit.SECONDS)).isEqualTo(ClockText.LEFT);
  }

  @Test
  void senselessDurationsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new ClockConfig(seconds(0), seconds(0), seconds(0), null, ExitOn.LAST_EXIT))
        .withMessage("expiry: PT0S (expected: more than 0)");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new ClockConfig(
                    seconds(1), Duration.ofDays(4000), seconds(0), null, ExitOn.LAST_EXIT))
        .withMessage("linger: PT96000H (expected: at most 10 years)");
  }

  private static String greeting(String osName) {
    return ClockText.greeting(config(), minutes(10), false, false, osName);
  }

  private static ClockConfig config() {
    return new ClockConfig(minutes(10), seconds(10), minutes(2), null, ExitOn.LAST_EXIT);
  }

  private SessionClock clock(ClockConfig config) {
    return new SessionClock(
        config,
        HoldFile.in(agentdir),
        new TimeSource(() -> now.toNanos(), () -> BEGIN.plus(now).plus(wallJump)));
  }

  /** Lets time pass as the clock's thread would: it is asked again when it said so. */
  private void pass(SessionClock clock, Duration duration) {
    Duration until = now.plus(duration);
    while (endedAt == null) {
      Duration next = now.plus(clock.tick(audience));
      if (next.compareTo(until) >= 0) {
        now = until;
        clock.tick(audience);
        return;
      }
      now = next;
    }
  }

  private void touch(Duration sinceBegin) throws IOException {
    Files.write(hold(), new byte[0]);
    Files.setLastModifiedTime(hold(), FileTime.from(BEGIN.plus(sinceBegin)));
  }

  private Path hold() {
    return agentdir.resolve(".hold");
  }

  private static Duration minutes(long minutes) {
    return Duration.ofMinutes(minutes);
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }
}
