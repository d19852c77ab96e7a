package dev.converge.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.converge.tunnel.TwoEnds.End;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Both ends of a stream under losses at every byte; {@link ResumableSchedulesTest} mixes them. */
final class ResumableCutsTest {
  private static final long SECOND = 1_000_000_000L;

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
