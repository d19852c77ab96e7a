package dev.converge.tcptows;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import dev.converge.tunnel.CloseReason;
import dev.converge.tunnel.ConnectOptions;
import dev.converge.tunnel.Endpoint;
import dev.converge.tunnel.FakeAgent;
import dev.converge.tunnel.FakeServer;
import dev.converge.tunnel.Notices;
import dev.converge.tunnel.ProxySettings;
import dev.converge.tunnel.RecordedNotices;
import dev.converge.tunnel.Resumption;
import dev.converge.tunnel.Role;
import dev.converge.tunnel.SshServerBytes;
import dev.converge.tunnel.StreamLimits;
import dev.converge.tunnel.Timeouts;
import dev.converge.tunnel.TlsConfig;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, threadMode = SEPARATE_THREAD)
final class TcptowsIT {
  private final BlockingQueue<String> complaints = new LinkedBlockingQueue<>();

  private static TcptowsConfig config(String bind, int port, String url) {
    Endpoint endpoint = Endpoint.parse(url, Role.CLIENT);
    return new TcptowsConfig(
        bind, port, endpoint, new ConnectOptions(new ProxySettings(Map.of()), null));
  }

  private Tcptows start(FakeServer server) throws IOException {
    return start(server.url());
  }

  private Tcptows start(String url) throws IOException {
    return start(config(null, 0, url));
  }

  private Tcptows start(TcptowsConfig config) throws IOException {
    Tcptows tcptows = Tcptows.open(config, complaints::add);
    Thread thread = new Thread(() -> running(tcptows), "tcptows");
    thread.setDaemon(true);
    thread.start();
    return tcptows;
  }

  private static void running(Tcptows tcptows) {
    try {
      tcptows.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Socket connect(Tcptows tcptows) throws IOException {
    ServerSocket listener = tcptows.listeners().sockets().get(0);
    Socket socket = new Socket(listener.getInetAddress(), listener.getLocalPort());
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static FakeServer echo(int length) {
    return FakeServer.start(
        peer -> {
          peer.upgrade();
          peer.binary(peer.receiveBinary(length)).closeFrame(1000, "").receiveClose();
        });
  }

  @Test
  void connectionsAtOnceHaveAWebSocketEach() throws IOException {
    byte[] bytes = new byte[300_000];
    new Random(1).nextBytes(bytes);
    try (FakeServer server = echo(bytes.length);
        Tcptows tcptows = start(server)) {
      List<Socket> sockets = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        sockets.add(connect(tcptows));
      }
      List<CompletableFuture<Void>> writes =
          sockets.stream()
              .map(socket -> CompletableFuture.runAsync(() -> write(socket, bytes)))
              .toList();
      for (Socket socket : sockets) {
        assertThat(socket.getInputStream().readAllBytes()).isEqualTo(bytes);
        socket.close();
      }
      writes.forEach(CompletableFuture::join);
      assertThat(complaints).isEmpty();
      server.await();
    }
  }

  private static void write(Socket socket, byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void otherHostKeyThanThePinnedClosesTheConnectionAndTheNextIsServed() throws Exception {
    byte[] key = SshServerBytes.key("right");
    BlockingQueue<byte[]> keys =
        new LinkedBlockingQueue<>(List.of(SshServerBytes.key("wrong"), key));
    try (FakeServer server =
            FakeServer.start(
                peer ->
                    peer.upgrade().binary(SshServerBytes.handshake(keys.take())).receiveClose());
        Tcptows tcptows = start(server.url() + SshServerBytes.pin(key));
        Socket refused = connect(tcptows)) {
      assertThat(new String(refused.getInputStream().readAllBytes(), UTF_8))
          .startsWith("SSH-2.0-")
          .doesNotContain("wrong");
      assertThat(complaints.take()).startsWith("the host key is SHA256:");

      try (Socket served = connect(tcptows)) {
        byte[] whole = SshServerBytes.handshake(key);
        assertThat(served.getInputStream().readNBytes(whole.length)).isEqualTo(whole);
      }
      assertThat(complaints).isEmpty();
    }
  }

  @Test
  void halfCloseSendsWhatWasReadAndDeliversTheAnswer() throws IOException {
    try (FakeServer server =
            FakeServer.start(
                peer -> {
                  peer.upgrade();
                  assertThat(peer.receiveBinary(5)).isEqualTo("hello".getBytes(UTF_8));
                  assertThat(peer.receiveClose()).isEqualTo(CloseReason.normal(""));
                  peer.binary("bye".getBytes(UTF_8)).closeFrame(1000, "");
                });
        Tcptows tcptows = start(server);
        Socket socket = connect(tcptows)) {
      socket.getOutputStream().write("hello".getBytes(UTF_8));
      socket.shutdownOutput();

      assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8)).isEqualTo("bye");
      server.await();
    }
  }

  @Test
  void failedConnectionIsOneLineAndTheNextIsServed() throws Exception {
    String refusal = "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\n\r\nno agent\n";
    AtomicInteger count = new AtomicInteger();
    try (FakeServer server =
            FakeServer.start(
                peer -> {
                  switch (count.incrementAndGet()) {
                    case 1 -> {
                      peer.request();
                      peer.raw(refusal.getBytes(UTF_8));
                    }
                    case 2 -> peer.upgrade();
                    default -> peer.upgrade().binary(new byte[] {7}).closeFrame(1000, "");
                  }
                });
        Tcptows tcptows = start(server)) {
      assertThat(readAll(tcptows)).isEmpty();
      assertThat(complaints.poll(5, TimeUnit.SECONDS)).isEqualTo("no agent");
      assertThat(readAll(tcptows)).isEmpty();
      assertThat(complaints.poll(5, TimeUnit.SECONDS))
          .isEqualTo("the session ended early: 1006 the connection ended without a close");
      assertThat(readAll(tcptows)).containsExactly(7);
    }
  }

  @Test
  void lostConnectionIsMadeGoodAndTheNextOnesFailureEndsThatConnectionAlone() throws Exception {
    byte[] bytes = new byte[100_000];
    new Random(2).nextBytes(bytes);
    FakeAgent agent = new FakeAgent(StreamLimits.DEFAULT).echo().cutBehind(bytes.length);
    AtomicInteger count = new AtomicInteger();
    RecordedNotices notices = new RecordedNotices();
    try (FakeServer server =
            FakeServer.start(
                peer -> {
                  if (count.incrementAndGet() <= 2) {
                    agent.run(peer);
                  } else if (count.get() == 3) {
                    new FakeAgent(StreamLimits.DEFAULT).cutBehind(1).run(peer);
                  }
                });
        Tcptows tcptows = start(config(server.url(), notices))) {
      try (Socket lucky = connect(tcptows)) {
        lucky.getOutputStream().write(bytes);
        assertThat(lucky.getInputStream().readAllBytes()).isEqualTo(bytes);
      }
      assertThat(complaints).isEmpty();
      try (Socket unlucky = connect(tcptows)) {
        unlucky.getOutputStream().write(1);
        assertThat(unlucky.getInputStream().read()).isEqualTo(-1);
      }
      assertThat(complaints.take()).startsWith("the session was not resumed within 1 s: ");
      assertThat(notices.lines())
          .hasSize(3)
          .contains("reconnected after 1 s")
          .allMatch(line -> line.startsWith("connection lost (") || line.startsWith("reconnected"));
    }
  }

  private static TcptowsConfig config(String url, Notices notices) {
    ConnectOptions options =
        new ConnectOptions(
            new ProxySettings(Map.of()),
            TlsConfig.DEFAULT,
            Map::of,
            Timeouts.DEFAULT,
            new Resumption(Duration.ofSeconds(1), notices));
    return new TcptowsConfig(null, 0, Endpoint.parse(url, Role.CLIENT), options);
  }

  private static byte[] readAll(Tcptows tcptows) throws IOException {
    try (Socket socket = connect(tcptows)) {
      return socket.getInputStream().readAllBytes();
    }
  }

  @Test
  void clientThatLeavesEndsItsWebSocketOnly() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    try (FakeServer server =
            FakeServer.start(
                peer -> {
                  peer.upgrade().binary(new byte[1]);
                  peer.receiveClose();
                  closed.countDown();
                });
        Tcptows tcptows = start(server);
        Socket stays = connect(tcptows)) {
      assertThat(stays.getInputStream().read()).isZero();
      try (Socket leaves = connect(tcptows)) {
        assertThat(leaves.getInputStream().read()).isZero();
        leaves.setSoLinger(true, 0);
      }
      assertThat(closed.await(5, TimeUnit.SECONDS)).isTrue();
      stays.setSoTimeout(200);
      assertThatIOException()
          .isThrownBy(() -> stays.getInputStream().read())
          .withMessage("Read timed out");
    }
  }

  @Test
  void stopClosesWebSocketsPolitelyAndListensNoMore() throws Exception {
    CompletableFuture<CloseReason> told = new CompletableFuture<>();
    try (FakeServer server =
        FakeServer.start(
            peer -> {
              peer.upgrade().binary(new byte[1]);
              CloseReason reason = peer.receiveClose();
              peer.closeFrame(reason.code(), reason.text());
              told.complete(reason);
            })) {
      Tcptows tcptows = start(server);
      Socket socket = connect(tcptows);
      assertThat(socket.getInputStream().read()).isZero();
      tcptows.close();

      assertThat(told.get(5, TimeUnit.SECONDS))
          .isEqualTo(new CloseReason(CloseReason.GOING_AWAY, "tcptows was stopped"));
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
      assertThatIOException().isThrownBy(() -> connect(tcptows));
      assertThat(complaints).isEmpty();
    }
  }

  @Test
  void localhostReachesItByEachOfItsAddresses() throws IOException {
    try (FakeServer server =
            FakeServer.start(peer -> peer.upgrade().closeFrame(1000, "").receiveClose());
        Tcptows tcptows = start(server)) {
      int port = tcptows.listeners().port();
      assertThat(tcptows.listeners().addresses()).contains("127.0.0.1:" + port);
      assertThat(tcptows.listeners().host()).isEqualTo("localhost");
      for (ServerSocket listener : tcptows.listeners().sockets()) {
        try (Socket socket = new Socket(listener.getInetAddress(), port)) {
          assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
      }
    }
  }

  @Test
  void portInUseIsOneClearLine() throws IOException {
    try (FakeServer server = echo(1);
        Tcptows first = start(server)) {
      int port = first.listeners().port();
      assertThatIOException()
          .isThrownBy(() -> Tcptows.open(config(null, port, server.url()), complaints::add))
          .withMessageMatching(
              "cannot listen on 127\\.0\\.0\\.1:" + port + ": Address already in use.*");
      assertThatIOException()
          .isThrownBy(() -> Tcptows.open(config("no.invalid", 0, server.url()), complaints::add))
          .withMessage("cannot listen on 'no.invalid': unknown host");
    }
  }

  @Test
  void nothingIsLeftOfAnEndedConnection() throws IOException {
    try (FakeServer server = echo(3);
        Tcptows tcptows = start(server)) {
      for (int i = 0; i < 20; i++) {
        try (Socket socket = connect(tcptows)) {
          socket.getOutputStream().write(new byte[3]);
          assertThat(socket.getInputStream().readAllBytes()).hasSize(3);
        }
      }
      await()
          .untilAsserted(
              () ->
                  assertThat(Thread.getAllStackTraces().keySet())
                      .extracting(Thread::getName)
                      .doesNotContain("connection", "upload", "heartbeat", "deadline"));
    }
  }

  @Test
  void portOutOfRangeIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> config(null, 65536, "ws://h/client/x"))
        .withMessage("port: 65536 (expected: 0 to 65535)");
  }
}
