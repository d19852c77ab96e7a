package dev.converge.bench;

import java.util.ArrayList;
import java.util.List;

/** How long the echo of a keystroke takes in a terminal, through everything. */
final class KeystrokeFigure implements Figure {
  private static final int KEYS = 2000;
  private static final double MILLI = 1e6;

  /** The shell's own terminal echoes; cat is only there to end with the connection. */
  private static final String ECHOING = "stty raw -echo; echo; exec cat";

  @Override
  public String name() {
    return "keystrokes";
  }

  @Override
  public String purpose() {
    return "the echo of a keystroke in a terminal, beside sshd";
  }

  @Override
  public void measure(Bench bench) throws Exception {
    SshScene scene = SshScene.local(bench);
    List<List<String>> commands = new ArrayList<>();
    for (SshPeer peer : scene.peers()) {
      commands.add(peer.ssh(scene.host(), "-tt", ECHOING));
    }
    for (int round = 0; round < bench.settings().rounds(); round++) {
      List<long[]> times = Keystrokes.times(bench.settings().amount(KEYS), commands);
      for (int i = 0; i < times.size(); i++) {
        tell(bench, scene.peers().get(i).name(), times.get(i));
      }
    }
  }

  private void tell(Bench bench, String peer, long[] times) {
    Row p50 =
        new Row(
            name(), "echo of a keystroke, p50", "ms", SshScene.SSHD, Goal.differenceAtMost(0.5));
    bench.results().add(p50, peer, Statistics.percentile(times, 0.5) / MILLI);
    Row p99 = Row.info(name(), "echo of a keystroke, p99", "ms", SshScene.SSHD);
    bench.results().add(p99, peer, Statistics.percentile(times, 0.99) / MILLI);
  }
}
