package dev.converge.wsproxy;

import dev.converge.tunnel.ClassRecording;
import dev.converge.tunnel.FakeAgent;
import dev.converge.tunnel.FakeServer;
import dev.converge.tunnel.LoopbackTls;
import dev.converge.tunnel.Peer;
import dev.converge.tunnel.StreamLimits;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Writes the names of the classes that wsproxy loads while it carries some bytes. */
final class Recording {
  private static final byte[] SOME = new byte[70_000];

  private Recording() {}

  public static void main(String[] args) throws Exception {
    ClassRecording classes = new ClassRecording(WsproxyMain.class);
    try (FakeServer server = FakeServer.start(Recording::echo)) {
      run(classes, List.of(), server.url());
    }
    try (FakeServer server = resumable()) {
      run(classes, List.of(), server.url());
    }
    try (LoopbackTls tls = new LoopbackTls();
        FakeServer server = tls.serve(Recording::echo)) {
      run(classes, tls.trusting(), server.url().replace("ws://", "wss://"));
    }
    classes.write(Path.of(args[0]));
  }

  /** Over one path that is lost, and another. */
  private static FakeServer resumable() {
    return FakeServer.start(new FakeAgent(StreamLimits.DEFAULT).echo().cutBehind(SOME.length));
  }

  private static void echo(Peer peer) throws Exception {
    peer.upgrade().binary(peer.receiveBinary(SOME.length)).closeFrame(1000, "").receiveClose();
  }

  private static void run(ClassRecording classes, List<String> jvm, String url) throws Exception {
    Process wsproxy = classes.start(jvm, Map.of(), url);
    wsproxy.getOutputStream().write(SOME);
    wsproxy.getOutputStream().flush();
    int received = wsproxy.getInputStream().readAllBytes().length;
    if (ClassRecording.end(wsproxy) != 0 || received != SOME.length) {
      throw new AssertionError("wsproxy did not carry what it should: " + received);
    }
  }
}
