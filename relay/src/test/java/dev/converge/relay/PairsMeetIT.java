package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where the connections of a bridge live, which only the relay's own side can tell. */
final class PairsMeetIT {
  private static final Transport TRANSPORT = Transport.best();
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private static final int LOOPS = 4;

  /** By chance, connections that stay where they were accepted meet each time once in 65,536. */
  private static final int PAIRS = 8;

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(LOOPS, TRANSPORT.io());
  private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
  private final List<RawWebSocket> peers = new ArrayList<>();

  @AfterEach
  void end() throws Exception {
    for (RawWebSocket peer : peers) {
      peer.close();
    }
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private static Entrance entrance() {
    var metrics = new Metrics();
    var config =
        new RelayConfig(
            ANY_PORT,
            false,
            false,
            RelayFixture.LIMITS,
            RelayFixture.WAITING,
            RelayFixture.VISITORS,
            BridgeLimits.NONE,
            TokenSecrets.NONE,
            null,
            null);
    var rendezvous =
        new Rendezvous<WaitingSlot, WaitingClient>(
            config.rendezvous(), System::nanoTime, new Pairing(config.bridges(), metrics));
    var doors =
        new Doors(rendezvous, config.limits(), new TokenCheck(config.tokens(), false, false));
    return new Entrance(
        config,
        new Connections(2 * PAIRS),
        new Visitors(config.visitors(), System::nanoTime, metrics),
        null,
        () -> new Router(null, doors));
  }

  private Channel open(InetSocketAddress relay, String path) throws Exception {
    peers.add(RawWebSocket.open(relay, path));
    return accepted.poll(10, TimeUnit.SECONDS);
  }

  @Test
  void connectionsOfABridgeLiveOnOneEventLoopAndBridgesSpreadOverAll() throws Exception {
    Entrance entrance = entrance();
    var listener =
        new Listener(
            TRANSPORT,
            loops,
            ANY_PORT,
            channel -> {
              accepted.add(channel);
              entrance.serve(channel);
            });
    Set<EventLoop> used = new HashSet<>();
    for (int pair = 0; pair < PAIRS; pair++) {
      Channel agent = open(listener.address(), "/agent/job" + pair);
      Channel client = open(listener.address(), "/client/job" + pair);
      assertThat(client.eventLoop()).isSameAs(agent.eventLoop());
      used.add(client.eventLoop());
      assertThat(used).hasSize(Math.min(pair + 1, LOOPS));
    }
    listener.close();
  }
}
