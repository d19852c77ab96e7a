package dev.converge.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.converge.tunnel.TwoEnds.End;
import java.io.IOException;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Both ends of a stream under generated losses: no byte lost, doubled or out of order. */
final class ResumableSchedulesTest {
  private static final long SECOND = 1_000_000_000L;

  private enum Act {
    SAY,
    SEND,
    CARRY,
    TIME,
    CUT,
    LATE_HELLO
  }

  private record Step(boolean client, Act act, int size) {}

  private record Sizes(int replay, int ackBytes, int path, int client, int agent) {}

  @Provide
  Arbitrary<Sizes> sizes() {
    Arbitrary<Integer> parts = Arbitraries.integers().between(0, 1000);
    return Combinators.combine(Arbitraries.integers().between(1, 4096), parts, parts, parts, parts)
        .as(
            (replay, ack, path, client, agent) -> {
              int most = Math.min(20, replay);
              return new Sizes(
                  replay, 1 + ack * (replay - 1) / 1000, 1 + 5 * path, most * client, most * agent);
            });
  }

  @Provide
  Arbitrary<List<Step>> schedules() {
    Arbitrary<Act> acts =
        Arbitraries.frequency(
            Tuple.of(6, Act.SAY),
            Tuple.of(6, Act.SEND),
            Tuple.of(12, Act.CARRY),
            Tuple.of(6, Act.TIME),
            Tuple.of(1, Act.CUT),
            Tuple.of(1, Act.LATE_HELLO));
    return Combinators.combine(
            Arbitraries.of(true, false), acts, Arbitraries.integers().between(1, 4000))
        .as(Step::new)
        .list()
        .ofMaxSize(300);
  }

  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  void everythingArrivesOnceAndInOrder(
      @ForAll("sizes") Sizes sizes, @ForAll("schedules") List<Step> schedule) throws IOException {
    var ends =
        new TwoEnds(
            TwoEnds.limits(sizes.replay, sizes.ackBytes), sizes.path, sizes.client, sizes.agent);
    long start = ends.now;
    int paths = 1;
    for (Step step : schedule) {
      if (!ends.up && step.act != Act.LATE_HELLO) {
        ends.connect();
        paths++;
      }
      perform(ends, step);
    }
    ends.finish();
    long seconds = (ends.now - start) / SECOND + 1;
    assertAcksBounded(ends.client, ends.agent.said, sizes.ackBytes, seconds, paths);
    assertAcksBounded(ends.agent, ends.client.said, sizes.ackBytes, seconds, paths);
  }

  private static void perform(TwoEnds ends, Step step) throws IOException {
    End end = step.client ? ends.client : ends.agent;
    switch (step.act) {
      case SAY -> end.say(step.size);
      case SEND -> end.send();
      case CARRY -> ends.carry(end, step.size);
      case TIME -> {
        ends.now += step.size * SECOND / 4000;
        end.stream.reading(step.size % 2 == 0, ends.now);
      }
      case CUT -> ends.cut();
      case LATE_HELLO -> ends.arriveLate(step.size);
    }
  }

  private static void assertAcksBounded(
      End end, int received, int ackBytes, long seconds, int paths) {
    long most = received / ackBytes + seconds + seconds / 3 + paths + 2;
    assertThat((long) end.acks).isLessThanOrEqualTo(most);
  }
}
