package dev.converge.tcptows;

import dev.converge.tunnel.ClassRecording;
import dev.converge.tunnel.FakeAgent;
import dev.converge.tunnel.FakeServer;
import dev.converge.tunnel.LoopbackTls;
import dev.converge.tunnel.Peer;
import dev.converge.tunnel.StreamLimits;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Writes the names of the classes that tcptows loads while it carries some bytes. */
final class Recording {
  private static final byte[] SOME = new byte[70_000];

  private Recording() {}

  public static void main(String[] args) throws Exception {
    ClassRecording classes = new ClassRecording(TcptowsMain.class);
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
    Process tcptows = classes.start(jvm, Map.of(), "0", url);
    int port = Integer.parseInt(ClassRecording.awaitLine(tcptows, "-p (\\d+) ").group(1));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(SOME);
      int received = socket.getInputStream().readAllBytes().length;
      if (received != SOME.length) {
        throw new AssertionError("tcptows did not carry what it should: " + received);
      }
    } finally {
      tcptows.destroy();
      ClassRecording.end(tcptows);
    }
  }
}
