package dev.converge.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class FaultyPathTest {
  private static final byte[] HELLO = {1, 2, 3, 4, 5};
  private static final byte[] AGAIN = {6, 7, 8, 9, 10};

  private ServerSocket server;
  private FaultyPath path;

  @BeforeEach
  void open() throws IOException {
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    server.setSoTimeout(10_000);
    path = FaultyPath.to(server.getLocalPort());
  }

  @AfterEach
  void close() throws IOException {
    path.close();
    server.close();
  }

  private Socket client() throws IOException {
    var client = new Socket(InetAddress.getLoopbackAddress(), path.port());
    client.setSoTimeout(10_000);
    return client;
  }

  private Socket served() throws IOException {
    Socket served = server.accept();
    served.setSoTimeout(10_000);
    return served;
  }

  private static void assertCarries(Socket from, Socket to) throws IOException {
    from.getOutputStream().write(HELLO);
    assertThat(to.getInputStream().readNBytes(5)).isEqualTo(HELLO);
  }

  private static void assertReset(Socket socket) {
    assertThatThrownBy(() -> socket.getInputStream().read())
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("reset");
  }

  @Test
  void bytesAndTheirEndGoBothWaysAndAreCounted() throws IOException {
    try (Socket client = client();
        Socket served = served()) {
      assertCarries(client, served);
      assertCarries(served, client);
      client.shutdownOutput();
      assertThat(served.getInputStream().read()).isEqualTo(-1);
      assertCarries(served, client);
      assertThat(path.connections()).isEqualTo(1);
      assertThat(path.bytes()).isEqualTo(15);
    }
  }

  @Test
  void cutResetsBothEndsAndNewConnectionsAreLetIn() throws IOException {
    try (Socket client = client();
        Socket served = served()) {
      assertCarries(client, served);
      path.cut();
      assertReset(client);
      assertReset(served);
    }
    try (Socket client = client();
        Socket served = served()) {
      assertCarries(client, served);
      assertThat(path.connections()).isEqualTo(2);
    }
  }

  @Test
  void cutComesBehindTheBytesThatItIsToLetThrough() throws Exception {
    try (Socket client = client();
        Socket served = served()) {
      var cut = path.cutAfter(7);
      assertCarries(client, served);
      assertThat(cut).isNotDone();
      served.getOutputStream().write(HELLO);
      cut.get(10, TimeUnit.SECONDS);
      assertReset(served);
      assertThat(path.bytes()).isEqualTo(7);
    }
  }

  @Test
  void silentPathTakesConnectionsAndForwardsNothingUntilItSpeaks() throws IOException {
    try (Socket old = client();
        Socket oldServed = served()) {
      assertCarries(old, oldServed);
      path.silence();
      old.getOutputStream().write(HELLO);
      old.shutdownOutput();
      try (Socket client = client()) {
        client.getOutputStream().write(AGAIN);
        assertHearsNothing(oldServed);

        path.speak();
        assertThat(oldServed.getInputStream().readAllBytes()).isEqualTo(HELLO);
        try (Socket served = served()) {
          assertThat(served.getInputStream().readNBytes(5)).isEqualTo(AGAIN);
        }
      }
    }
  }

  private static void assertHearsNothing(Socket socket) throws IOException {
    socket.setSoTimeout(200);
    assertThatThrownBy(() -> socket.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    socket.setSoTimeout(10_000);
  }

  @Test
  void serverSeesTheAddressThatItIsToComeFrom() throws IOException {
    path.comeFrom("127.0.0.2");
    try (Socket client = client();
        Socket served = served()) {
      assertCarries(client, served);
      assertThat(served.getInetAddress().getHostAddress()).isEqualTo("127.0.0.2");
    }
  }
}
