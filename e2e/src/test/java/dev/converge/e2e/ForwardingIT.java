package dev.converge.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ForwardingIT {
  @TempDir static Path common;
  private static Stage stage;

  @TempDir Path temp;
  private Echo echo;

  @BeforeAll
  static void openStage() {
    stage = Stage.open(common);
  }

  @AfterAll
  static void closeStage() {
    stage.close();
  }

  @BeforeEach
  void open() throws IOException {
    echo = new Echo();
  }

  @AfterEach
  void close() throws IOException {
    echo.close();
  }

  /** A TCP server that sends back what it gets. */
  private static final class Echo implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

    Echo() throws IOException {
      Thread thread = new Thread(this::serve, "echo");
      thread.setDaemon(true);
      thread.start();
    }

    private void serve() {
      while (true) {
        try (Socket socket = listener.accept()) {
          socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException e) {
          if (listener.isClosed()) {
            return;
          }
        }
      }
    }

    int port() {
      return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static String echoed(Socket socket) throws IOException {
    try (socket) {
      socket.getOutputStream().write("marco\n".getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private static void awaitEcho(int port) {
    Awaitility.await()
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(echoed(new Socket(InetAddress.getLoopbackAddress(), port)))
                    .isEqualTo("marco\n"));
  }

  @Test
  void localPortReachesAServerOfTheJob() throws IOException {
    int port = freePort();
    try (Child ssh =
        stage.via(Route.WSPROXY).ssh("-N", "-L" + port + ":127.0.0.1:" + echo.port())) {
      awaitEcho(port);
      assertThat(ssh.isAlive()).isTrue();
    }
  }

  @Test
  void portOfTheJobReachesALocalServer() throws IOException {
    int port = freePort();
    try (Child ssh =
        stage.via(Route.TCPTOWS).ssh("-N", "-R" + port + ":127.0.0.1:" + echo.port())) {
      awaitEcho(port);
      assertThat(ssh.isAlive()).isTrue();
    }
  }

  @Test
  void dynamicPortIsASocksProxyIntoTheJob() throws IOException {
    int port = freePort();
    try (Child ssh = stage.via(Route.WSPROXY).ssh("-N", "-D" + port)) {
      var socks =
          new Proxy(
              Proxy.Type.SOCKS, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      Awaitility.await()
          .ignoreExceptions()
          .untilAsserted(
              () -> {
                Socket socket = new Socket(socks);
                socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), echo.port()));
                assertThat(echoed(socket)).isEqualTo("marco\n");
              });
      assertThat(ssh.isAlive()).isTrue();
    }
  }

  @Test
  void standardStreamsReachAServerOfTheJob() {
    Child ssh = stage.via(Route.WSPROXY).ssh("-W127.0.0.1:" + echo.port());
    ssh.type("marco\n").endInput();

    assertThat(ssh.success()).isEqualTo("marco\n");
  }

  @Test
  void unixSocketOfTheJobIsReachedFromALocalOne() throws IOException {
    Path local = temp.resolve("local.sock");
    Path remote = temp.resolve("remote.sock");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        Child ssh = stage.via(Route.WSPROXY).ssh("-N", "-L" + local + ":" + remote)) {
      server.bind(UnixDomainSocketAddress.of(remote));
      assertGreeted(server, local);
      assertThat(ssh.isAlive()).isTrue();
    }
  }

  @Test
  void unixSocketOfTheJobReachesALocalOne() throws IOException {
    Path local = temp.resolve("local.sock");
    Path remote = temp.resolve("remote.sock");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        Child ssh = stage.via(Route.WSPROXY).ssh("-N", "-R" + remote + ":" + local)) {
      server.bind(UnixDomainSocketAddress.of(local));
      assertGreeted(server, remote);
      assertThat(ssh.isAlive()).isTrue();
    }
  }

  /** One who connects at {@code door} is greeted by {@code server}. */
  private static void assertGreeted(ServerSocketChannel server, Path door) throws IOException {
    try (SocketChannel client = enter(door);
        SocketChannel accepted = server.accept()) {
      accepted.write(ByteBuffer.wrap("polo".getBytes(StandardCharsets.US_ASCII)));
      accepted.shutdownOutput();
      assertThat(
              new String(Channels.newInputStream(client).readAllBytes(), StandardCharsets.US_ASCII))
          .isEqualTo("polo");
    }
  }

  /** A socket is in the file system a moment before it takes connections. */
  private static SocketChannel enter(Path door) {
    return Awaitility.await()
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> SocketChannel.open(UnixDomainSocketAddress.of(door)), Objects::nonNull);
  }

  @Test
  void agentWithoutForwardingRefusesIt() {
    try (Stage without = Stage.open(temp, "--no-forwarding")) {
      Child ssh = without.via(Route.WSPROXY).ssh("-W127.0.0.1:" + echo.port());

      assertThat(ssh.exit()).isEqualTo(255);
      assertThat(ssh.err()).contains("forwarding failed");
    }
  }
}
