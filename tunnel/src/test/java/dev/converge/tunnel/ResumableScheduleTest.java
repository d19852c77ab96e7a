package dev.converge.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.converge.tunnel.TwoEnds.End;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Both ends of a stream under losses at any moment: no byte lost, doubled or out of order. */
final class ResumableScheduleTest {
  private static final long SECOND = 1_000_000_000L;

  static LongStream seeds() {
    return LongStream.range(0, 600);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everythingArrivesOnceAndInOrder(long seed) throws IOException {
    var random = new SplittableRandom(seed);
    int replay = 1 << random.nextInt(0, 13);
    int ackBytes = random.nextInt(1, replay + 1);
    int most = random.nextInt(1, Math.min(20_000, 100 * replay));
    var ends =
        new TwoEnds(
            TwoEnds.limits(replay, ackBytes),
            random.nextInt(1, 5000),
            random.nextInt(0, most),
            random.nextInt(0, most));
    long start = ends.now;
    int paths = 1;
    int steps = random.nextInt(0, 400);
    int cuts = random.nextInt(2, 60); // one step in so many
    for (int i = 0; i < steps; i++) {
      if (!ends.up) {
        ends.connect();
        paths++;
      }
      step(ends, random.nextBoolean() ? ends.client : ends.agent, random);
      if (random.nextInt(cuts) == 0) {
        ends.cut();
      }
    }
    ends.finish();
    long seconds = (ends.now - start) / SECOND + 1;
    assertAcksBounded(ends.client, ends.agent.said, ackBytes, seconds, paths);
    assertAcksBounded(ends.agent, ends.client.said, ackBytes, seconds, paths);
  }

  private static void step(TwoEnds ends, End end, SplittableRandom random) throws IOException {
    switch (random.nextInt(5)) {
      case 0 -> end.say(random.nextInt(1, 3000));
      case 1 -> end.send();
      case 2 -> ends.carry(end, random.nextInt(1, 40));
      case 3 -> ends.carry(end, random.nextInt(1, 4000));
      default -> {
        ends.now += random.nextLong(SECOND);
        end.stream.reading(random.nextBoolean(), ends.now);
      }
    }
  }

  private static void assertAcksBounded(
      End end, int received, int ackBytes, long seconds, int paths) {
    long most = received / ackBytes + seconds + seconds / 3 + paths + 2;
    assertThat((long) end.acks).isLessThanOrEqualTo(most);
  }

  @Test
  void pathMayBeCutAfterEachByteOfEitherDirection() throws IOException {
    for (boolean client : new boolean[] {true, false}) {
      int length = run(client, Integer.MAX_VALUE);
      assertThat(length).isGreaterThan(100);
      for (int cut = 0; cut < length; cut++) {
        run(client, cut);
      }
    }
  }

  /** Cuts the first path when the client, or the agent, has got {@code cut} bytes of it through. */
  private static int run(boolean client, int cut) throws IOException {
    var ends = new TwoEnds(TwoEnds.limits(16, 5), 1 << 16, 100, 70);
    End from = client ? ends.client : ends.agent;
    ends.connect();
    int carried = 0;
    while (carried < cut && !ends.finished()) {
      for (End end : new End[] {ends.client, ends.agent}) {
        end.say(7);
        end.send();
        int length = ends.carry(end, end == from ? cut - carried : Integer.MAX_VALUE);
        carried += end == from ? length : 0;
      }
      ends.now += SECOND / 3;
    }
    ends.cut();
    ends.finish();
    return carried;
  }

  @Test
  void streamSurvivesACutAtEachByteAgainAndAgain() throws IOException {
    for (int step = 1; step < 120; step += 7) {
      var ends = new TwoEnds(TwoEnds.limits(64, 20), 1 << 16, 600, 400);
      for (int budget = 0; budget < 40 * step && !ends.finished(); budget += step) {
        ends.connect();
        exchange(ends, budget);
        ends.cut();
      }
      ends.finish();
    }
  }

  private static void exchange(TwoEnds ends, int budget) throws IOException {
    for (int carried = 0; carried < budget && !ends.finished(); carried++) {
      for (End end : new End[] {ends.client, ends.agent}) {
        end.say(1);
        end.send();
        ends.carry(end, 1);
      }
    }
  }
}
