package dev.converge.relay;

import dev.converge.cli.Failure;
import io.netty.channel.Channel;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running relay: its listening socket, its event loops and all its connections. */
final class Relay implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

  private final RelayConfig config;
  private final Transport transport = Transport.best();
  private final MultiThreadIoEventLoopGroup loops;
  private final Metrics metrics = new Metrics();
  private final Connections connections;
  private final Visitors visitors;
  private final Rendezvous<WaitingSlot, WaitingClient> rendezvous;
  private final Entrance entrance;
  private final @Nullable ServerTls tls;
  private final Listener listener;
  private final @Nullable Listener redirect;
  private volatile boolean draining;

  /**
   * Starts a relay.
   *
   * @throws IOException if it cannot listen at its address
   * @throws Failure if its certificate cannot be used, or the port for plain HTTP not be had
   */
  Relay(RelayConfig config) throws IOException {
    this.config = config;
    connections = new Connections(config.limits().connections());
    visitors = new Visitors(config.visitors(), System::nanoTime, metrics);
    rendezvous =
        new Rendezvous<>(
            config.rendezvous(), System::nanoTime, new Pairing(config.bridges(), metrics));
    measure();
    boolean secure = config.tls() != null;
    var site = new Site(config.runtimes(), config.trustProxy(), secure, () -> draining);
    var tokens = new TokenCheck(config.tokens(), config.trustProxy(), secure);
    var doors = new Doors(rendezvous, config.limits(), tokens);
    tls = config.tls() == null ? null : tls(config.tls(), config.limits());
    entrance = new Entrance(config, connections, visitors, tls, () -> new Router(site, doors));
    loops = new MultiThreadIoEventLoopGroup(transport.io());
    listener = listen(config.address(), entrance::serve);
    redirect = redirect();
    site.load();
  }

  private void measure() {
    metrics.gauge("converge_connections", connections::size);
    metrics.gauge("converge_addresses", visitors::addresses);
    metrics.gauge("converge_waiting_slots", rendezvous::waitingSlots);
    metrics.gauge("converge_waiting_clients", rendezvous::waitingClients);
    metrics.gauge("converge_bridges", visitors::bridges);
  }

  private static ServerTls tls(TlsSettings settings, RelayLimits limits) {
    try {
      return new ServerTls(settings, limits.handshake());
    } catch (IOException e) {
      throw new Failure(String.valueOf(e.getMessage()), e);
    }
  }

  private @Nullable Listener redirect() {
    Integer port = config.tls() == null ? null : config.tls().redirectPort();
    if (port == null) {
      return null;
    }
    var address = new InetSocketAddress(config.address().getAddress(), port);
    try {
      return listen(address, channel -> entrance.redirect(channel, address().getPort()));
    } catch (IOException e) {
      close();
      String at = NetUtil.toSocketAddressString(address);
      throw new Failure(
          "cannot listen at "
              + at
              + ": "
              + e.getMessage()
              + "; choose another --redirect-http-port",
          e);
    }
  }

  private Listener listen(InetSocketAddress address, Consumer<Channel> phase) throws IOException {
    try {
      return new Listener(transport, loops, address, phase);
    } catch (IOException e) {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      throw e;
    }
  }

  /** Where it listens; the port is the one that was bound. */
  InetSocketAddress address() {
    return listener.address();
  }

  /** How its address is asked for: {@code http} or {@code https}. */
  String scheme() {
    return tls == null ? "http" : "https";
  }

  /** Where plain HTTP is sent on from, if anywhere. */
  Optional<InetSocketAddress> redirectAddress() {
    return Optional.ofNullable(redirect).map(Listener::address);
  }

  Rendezvous<WaitingSlot, WaitingClient> rendezvous() {
    return rendezvous;
  }

  Connections connections() {
    return connections;
  }

  Metrics metrics() {
    return metrics;
  }

  /**
   * Ends it: nobody new is let in, whoever waits or can resume elsewhere is told at once, bridges
   * may end by themselves for {@code grace} and are closed then.
   */
  void stop(Duration grace) {
    if (!draining) {
      LOG.info("ending: {}", metrics.summary());
    }
    draining = true;
    listener.close();
    if (redirect != null) {
      redirect.close();
    }
    connections.tell(Shutdown.DRAIN);
    if (!connections.awaitNone(grace)) {
      LOG.info(
          "ending: {} sessions go on after {} s and are closed",
          visitors.bridges(),
          grace.toSeconds());
      connections.tell(Shutdown.END_BRIDGES);
      connections.awaitNone(Duration.ofSeconds(1));
    }
    connections.closeAll();
    // The quiet time lets a loop take what the connections of another still have for it.
    loops.shutdownGracefully(50, 1000, TimeUnit.MILLISECONDS).awaitUninterruptibly();
    if (tls != null) {
      tls.close();
    }
  }

  @Override
  public void close() {
    stop(Duration.ZERO);
  }
}
