package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class ForwardingIT {
  @TempDir Path folder;
  private SshFixture fixture;
  private Path control;
  private final List<ServerSocketChannel> echoes = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    fixture = new SshFixture(folder);
    control = folder.resolve("ctl");
  }

  @AfterEach
  void stop() throws Exception {
    fixture.execute(List.of("ssh", "-S", control.toString(), "-O", "exit", "x"), Map.of(), "");
    fixture.close();
    for (ServerSocketChannel echo : echoes) {
      echo.close();
    }
  }

  private void connect(String... options) throws Exception {
    var command = fixture.sshCommand("-M", "-N", "-f", "-S", control.toString());
    command.addAll(List.of("-o", "ExitOnForwardFailure=yes"));
    command.addAll(List.of(options));
    command.add("abc@127.0.0.1");
    var result = fixture.execute(command, Map.of(), "");
    assertThat(result.code()).as(result.error()).isZero();
  }

  /** A server that sends back what it gets until the end, and then ends itself. */
  private void echo(ServerSocketChannel listening) {
    echoes.add(listening);
    var thread =
        new Thread(
            () -> {
              try {
                while (true) {
                  SocketChannel accepted = listening.accept();
                  var one = new Thread(() -> echo(accepted));
                  one.setDaemon(true);
                  one.start();
                }
              } catch (IOException e) {
                // Closed: the test is over.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private static void echo(SocketChannel accepted) {
    try (accepted) {
      var buffer = ByteBuffer.allocate(65536);
      while (accepted.read(buffer.clear()) >= 0) {
        accepted.write(buffer.flip());
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private int tcpEcho() throws IOException {
    var listening =
        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    echo(listening);
    return ((InetSocketAddress) listening.getLocalAddress()).getPort();
  }

  private Path unixEcho(String name) throws IOException {
    Path file = folder.resolve(name);
    echo(
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
            .bind(UnixDomainSocketAddress.of(file)));
    return file;
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static void assertEchoes(SocketAddress address) throws Exception {
    byte[] sent = new byte[3_000_000];
    new Random(1).nextBytes(sent);
    try (SocketChannel socket = SocketChannel.open(address)) {
      var writer =
          new Thread(
              () -> {
                try {
                  var all = ByteBuffer.wrap(sent);
                  while (all.hasRemaining()) {
                    socket.write(all);
                  }
                  socket.shutdownOutput();
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      writer.start();
      assertThat(Channels.newInputStream(socket).readAllBytes()).isEqualTo(sent);
      writer.join();
    }
  }

  private static InetSocketAddress local(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  @Test
  void portsAreForwardedInBothDirections() throws Exception {
    int echo = tcpEcho();
    int here = freePort();
    int there = freePort();
    connect("-L", here + ":127.0.0.1:" + echo, "-R", there + ":127.0.0.1:" + echo);
    assertEchoes(local(here));
    assertEchoes(local(there));
    assertThat(fixture.events.inputs.get()).isPositive();
  }

  @Test
  void unixSocketsAreForwardedInBothDirections() throws Exception {
    Path echo = unixEcho("echo");
    Path here = folder.resolve("here");
    Path there = folder.resolve("there");
    connect("-L", here + ":" + echo, "-R", there + ":" + echo);
    assertEchoes(UnixDomainSocketAddress.of(here));
    assertEchoes(UnixDomainSocketAddress.of(there));
  }

  @Test
  void portsAndUnixSocketsMix() throws Exception {
    Path echo = unixEcho("echo");
    int here = freePort();
    connect(
        "-L", here + ":" + echo, "-R", fixture.work.resolve("there") + ":127.0.0.1:" + tcpEcho());
    assertEchoes(local(here));
    assertEchoes(UnixDomainSocketAddress.of(fixture.work.resolve("there")));
  }

  @Test
  void lastBytesReachASlowReaderBehindTheClosedChannel() throws Exception {
    byte[] sent = new byte[1_500_000];
    new Random(2).nextBytes(sent);
    Path there = folder.resolve("there"); // a Unix socket holds little, so the rest has to wait
    try (var source = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      connect("-R", there + ":127.0.0.1:" + source.getLocalPort());
      try (SocketChannel reader = SocketChannel.open(UnixDomainSocketAddress.of(there))) {
        reader.shutdownOutput();
        try (Socket accepted = source.accept()) {
          accepted.getOutputStream().write(sent);
        }
        Awaitility.await().pollDelay(Duration.ofMillis(500)).until(reader::isOpen);
        assertThat(Channels.newInputStream(reader).readAllBytes()).isEqualTo(sent);
      }
    }
  }

  @Test
  void dynamicForwardingIsASocksProxy() throws Exception {
    int echo = tcpEcho();
    int socks = freePort();
    connect("-D", String.valueOf(socks));
    try (var socket = new Socket(new Proxy(Proxy.Type.SOCKS, local(socks)))) {
      socket.connect(local(echo));
      socket.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
      socket.shutdownOutput();
      assertThat(socket.getInputStream().readAllBytes()).asString().isEqualTo("hello");
    }
  }

  @Test
  void standardInputIsForwarded() throws Exception {
    var command = fixture.sshCommand("-W", "127.0.0.1:" + tcpEcho(), "abc@127.0.0.1");
    assertThat(fixture.execute(command, Map.of(), "hello").output()).isEqualTo("hello");
  }

  @Test
  void portThatNobodyHasIsRefusedWithTheReason() throws Exception {
    var command = fixture.sshCommand("-v", "-W", "127.0.0.1:" + freePort(), "abc@127.0.0.1");
    assertThat(fixture.execute(command, Map.of(), "").error())
        .contains("connect failed")
        .contains("Connection refused");
  }

  @Test
  void listenersAreGoneWithTheirClient() throws Exception {
    Path there = fixture.work.resolve("there");
    int port = freePort();
    connect("-R", there + ":127.0.0.1:1", "-R", port + ":127.0.0.1:1");
    assertThat(there).exists();
    fixture.execute(List.of("ssh", "-S", control.toString(), "-O", "exit", "x"), Map.of(), "");
    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> !Files.exists(there));
    new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
  }

  @Test
  void listenerCanBeCancelled() throws Exception {
    int port = freePort();
    String spec = port + ":127.0.0.1:" + tcpEcho();
    connect("-R", spec);
    var cancel = List.of("ssh", "-S", control.toString(), "-O", "cancel", "-R", spec, "x");
    assertThat(fixture.execute(cancel, Map.of(), "").code()).isZero();
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .ignoreExceptions()
        .untilAsserted(() -> new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close());
  }

  @Test
  void portTheServerChoosesIsTold() throws Exception {
    connect();
    var forward =
        List.of(
            "ssh",
            "-S",
            control.toString(),
            "-O",
            "forward",
            "-R",
            "0:127.0.0.1:" + tcpEcho(),
            "x");
    String port = fixture.execute(forward, Map.of(), "").output().trim();
    assertEchoes(local(Integer.parseInt(port)));
  }

  @Test
  void forwardingStopsAtASlowReader() throws Exception {
    int here = freePort();
    var silent = ServerSocketChannel.open().bind(local(0));
    echoes.add(silent);
    connect("-L", here + ":127.0.0.1:" + ((InetSocketAddress) silent.getLocalAddress()).getPort());
    try (SocketChannel socket = SocketChannel.open(local(here));
        SocketChannel reader = silent.accept()) {
      assertThat(reader.isConnected()).isTrue();
      socket.configureBlocking(false);
      var chunk = ByteBuffer.allocate(65536);
      long[] accepted = {0};
      long[] before = {-1};
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(500))
          .until(
              () -> {
                boolean stuck = accepted[0] == before[0];
                before[0] = accepted[0];
                for (int n = socket.write(chunk.clear()); n > 0; n = socket.write(chunk.clear())) {
                  accepted[0] += n;
                }
                return stuck && accepted[0] == before[0];
              });
      assertThat(accepted[0]).isLessThan(64L * 1024 * 1024);
      assertThat(fixture.ssh("echo others run on").output()).isEqualTo("others run on\n");
    }
  }

  @Test
  void agentOfTheClientAnswersHere() throws Exception {
    Programs.require("ssh-agent", "ssh-add");
    Path socket = folder.resolve("agent");
    Process agent = new ProcessBuilder("ssh-agent", "-D", "-a", socket.toString()).start();
    try {
      Awaitility.await().until(() -> Files.exists(socket));
      var environment = Map.of("SSH_AUTH_SOCK", socket.toString());
      fixture.execute(List.of("ssh-add", "-q", folder.resolve("key").toString()), environment, "");
      var command = fixture.sshCommand("-A", "abc@127.0.0.1", "ssh-add -l");
      assertThat(fixture.execute(command, environment, "").output()).contains("ED25519");
    } finally {
      agent.destroy();
    }
  }

  @Test
  void x11IsRefused() throws Exception {
    var command = fixture.sshCommand("-X", "abc@127.0.0.1", "echo \"<$DISPLAY>\"");
    var environment = Map.of("DISPLAY", "localhost:77");
    assertThat(fixture.execute(command, environment, "").output()).doesNotContain("77>");
  }

  @Test
  void withoutForwardingEverythingIsRefused() throws Exception {
    Path other = Files.createDirectory(folder.resolve("other"));
    try (var closed =
        new SshFixture(
            other,
            config ->
                new SshConfig(
                    config.directory(), config.keys(), null, null, null, false, Map.of()))) {
      var direct = closed.sshCommand("-v", "-W", "127.0.0.1:" + tcpEcho(), "abc@127.0.0.1");
      assertThat(closed.execute(direct, Map.of(), "").error())
          .contains("administratively prohibited: " + Forwarding.REFUSAL);
      for (String target : List.of(freePort() + ":127.0.0.1:1", other + "/there:127.0.0.1:1")) {
        var remote = closed.sshCommand("-R", target, "-o", "ExitOnForwardFailure=yes");
        remote.addAll(List.of("abc@127.0.0.1", "true"));
        assertThat(closed.execute(remote, Map.of(), "").error()).contains("forwarding failed");
      }
    }
  }
}
