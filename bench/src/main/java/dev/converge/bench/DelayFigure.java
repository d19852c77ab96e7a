package dev.converge.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What ssh carries over a line that is fast and long. Relay, agent and sshd are at its far end. */
final class DelayFigure implements Figure {
  private static final List<Integer> ROUND_TRIPS = List.of(50, 150);
  private static final int BYTES = 100_000_000;
  private static final double MEGA = 1e6;

  @Override
  public String name() {
    return "delay";
  }

  @Override
  public String purpose() {
    return "ssh at round trips of 50 and 150 ms, beside sshd";
  }

  @Override
  public void measure(Bench bench) throws Exception {
    for (int millis : ROUND_TRIPS) {
      Delay delay;
      try {
        delay = Delay.open(bench.scene(), bench.settings(), millis);
      } catch (IOException e) {
        bench
            .results()
            .remark("delay: skipped, network namespaces are not to be had: " + e.getMessage());
        return;
      }
      bench.results().remark("delay: made by " + delay.means());
      measure(bench, delay, millis);
      bench.scene().endFrom(delay);
    }
  }

  private void measure(Bench bench, Delay delay, int millis) throws Exception {
    SshScene scene = SshScene.across(bench, delay);
    int bytes = bench.settings().amount(BYTES);
    String head = "head -c " + bytes + " /dev/zero";
    bench.rounds(
        scene.peers(),
        (peer, counts) -> {
          List<String> command = peer.ssh(scene.host(), head);
          tell(bench, "from the job", millis, peer, counts, bytes / Command.seconds(command));
        });
    bench.rounds(
        scene.peers(),
        (peer, counts) -> {
          List<String> command = new ArrayList<>(List.of("sh", "-c", head + " | \"$@\"", "sh"));
          command.addAll(peer.ssh(scene.host(), "cat >/dev/null"));
          tell(bench, "to the job", millis, peer, counts, bytes / Command.seconds(command));
        });
  }

  private void tell(
      Bench bench, String way, int millis, SshPeer peer, boolean counts, double speed) {
    if (counts) {
      String what =
          "ssh at "
              + millis
              + " ms, "
              + way
              + ", "
              + bench.settings().amount(BYTES) / 1_000_000
              + " MB";
      Row row = new Row(name(), what, "MB/s", SshScene.SSHD, Goal.ratioAtLeast(0.9));
      bench.results().add(row, peer.name(), speed / MEGA);
    }
  }
}
