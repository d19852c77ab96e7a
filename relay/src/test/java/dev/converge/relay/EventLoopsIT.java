package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
final class EventLoopsIT {
  /** What happened to a connection, and where. */
  private record Event(String what, boolean inItsLoop) {}

  private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private MultiThreadIoEventLoopGroup loops;
  private Socket peer;
  private Channel channel;

  private final class Listening extends ChannelInboundHandlerAdapter {
    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      accepted.add(ctx.channel());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      while (bytes.isReadable()) {
        tell(ctx, "byte " + bytes.readByte());
      }
      bytes.release();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      tell(ctx, "end");
    }

    private void tell(ChannelHandlerContext ctx, String what) {
      events.add(new Event(what, ctx.channel().eventLoop().inEventLoop()));
    }
  }

  @BeforeEach
  void connect() throws Exception {
    Transport transport = Transport.best();
    loops = new MultiThreadIoEventLoopGroup(2, transport.io());
    Channel listener =
        new ServerBootstrap()
            .group(loops)
            .channel(transport.server())
            .childHandler(new Listening())
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sync()
            .channel();
    var address = (InetSocketAddress) listener.localAddress();
    peer = new Socket(address.getAddress(), address.getPort());
    channel = accepted.poll(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void end() throws IOException {
    peer.close();
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private EventLoop other() {
    EventLoop next = loops.next();
    return next == channel.eventLoop() ? loops.next() : next;
  }

  private Event next() throws InterruptedException {
    return events.poll(10, TimeUnit.SECONDS);
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      if (!latch.await(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("nobody was on the way");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void move(EventLoop to) {
    channel
        .eventLoop()
        .execute(
            () -> {
              channel.config().setAutoRead(false);
              EventLoops.move(
                  channel,
                  to,
                  () -> {
                    events.add(new Event("moved", to.inEventLoop()));
                    channel.config().setAutoRead(true);
                  });
            });
  }

  @Test
  void bytesBeforeAndBehindTheMoveAllArrive() throws Exception {
    peer.getOutputStream().write(1);
    assertThat(next()).isEqualTo(new Event("byte 1", true));
    EventLoop to = other();
    channel.eventLoop().submit(() -> channel.config().setAutoRead(false)).sync();
    peer.getOutputStream().write(2);
    move(to);
    peer.getOutputStream().write(3);
    assertThat(next()).isEqualTo(new Event("moved", true));
    assertThat(next()).isEqualTo(new Event("byte 2", true));
    assertThat(next()).isEqualTo(new Event("byte 3", true));
    assertThat(channel.eventLoop()).isSameAs(to);
    peer.close();
    assertThat(next()).isEqualTo(new Event("end", true));
  }

  @Test
  void bytesOfAConnectionThatIsReadAllTheWhileArriveInOrder() throws Exception {
    for (int i = 1; i <= 100; i++) {
      EventLoop to = other();
      var moved = new CountDownLatch(1);
      channel.eventLoop().execute(() -> EventLoops.move(channel, to, moved::countDown));
      peer.getOutputStream().write(i);
      assertThat(next()).isEqualTo(new Event("byte " + i, true));
      awaitUninterruptibly(moved);
      assertThat(channel.eventLoop()).isSameAs(to);
    }
  }

  @Test
  void connectionThatIsClosedOnTheWayIsHeardToEndAndTheRestGoesOn() throws Exception {
    EventLoop to = other();
    var onTheWay = new CountDownLatch(1);
    to.execute(() -> awaitUninterruptibly(onTheWay));
    to.execute(() -> channel.unsafe().close(channel.newPromise()));
    move(to);
    await().until(() -> channel.eventLoop() == to);
    onTheWay.countDown();
    assertThat(new Event[] {next(), next()})
        .containsExactlyInAnyOrder(new Event("moved", true), new Event("end", true));
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void pairsMeetWhereFewerBridgesAreOrNone() throws Exception {
    var bridges = new EventLoops();
    EventLoop here = channel.eventLoop();
    EventLoop there = other();
    assertThat(EventLoops.areNeighbours(here, there)).isTrue();
    assertThat(EventLoops.areNeighbours(here, here)).isFalse();
    assertThat(bridges.meeting(here, there)).isSameAs(here);
    bridges.count(channel);
    assertThat(bridges.meeting(here, there)).isSameAs(there);
    assertThat(bridges.meeting(there, here)).isSameAs(there);
    assertThat(bridges.meeting(here, here)).isSameAs(there);
    channel.close().sync();
    await().until(() -> bridges.meeting(here, there) == here);
  }
}
