package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.Channel;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ListenerIT {
  private static final Transport TRANSPORT = Transport.best();
  private static final int CONNECTIONS = 32;

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(2, TRANSPORT.io());
  private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
  private Listener listener;

  @BeforeEach
  void listen() throws IOException {
    var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    listener = new Listener(TRANSPORT, loops, anyPort, accepted::add);
  }

  @AfterEach
  void end() {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private Channel connect() throws Exception {
    InetSocketAddress at = listener.address();
    try (var socket = new Socket(at.getAddress(), at.getPort())) {
      assertThat(socket.isConnected()).isTrue();
      return accepted.poll(5, TimeUnit.SECONDS);
    }
  }

  @Test
  void connectionsAreServedByTheLoopThatAcceptedThem() throws Exception {
    assumeTrue(TRANSPORT.sharesPorts());
    for (int i = 0; i < CONNECTIONS; i++) {
      Channel connection = connect();
      assertThat(connection.eventLoop()).isSameAs(connection.parent().eventLoop());
    }
  }

  @Test
  void anotherListenerAtTheAddressIsRefused() {
    assertThatIOException()
        .isThrownBy(() -> new Listener(TRANSPORT, loops, listener.address(), accepted::add))
        .withMessageContaining("in use");
  }

  @Test
  void aListenerThatWasClosedTakesNobody() {
    listener.close();
    assertThatIOException().isThrownBy(this::connect);
  }
}
