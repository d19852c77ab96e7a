package dev.converge.relay;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.timeout.IdleStateHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running relay: its listening socket, its event loops and all its connections. */
final class Relay implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
  private static final Duration STALLED_ANSWER = Duration.ofSeconds(60);
  private static final int BACKLOG = 1024;
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(128 * 1024, 256 * 1024);

  private final RelayConfig config;
  private final MultiThreadIoEventLoopGroup loops;
  private final Metrics metrics = new Metrics();
  private final Connections connections;
  private final Visitors visitors;
  private final Rendezvous<WaitingSlot, WaitingClient> rendezvous;
  private final Site site;
  private final Doors doors;
  private final Channel listener;
  private volatile boolean draining;

  /**
   * Starts a relay.
   *
   * @throws IOException if it cannot listen at its address
   */
  Relay(RelayConfig config) throws IOException {
    this.config = config;
    connections = new Connections(config.limits().connections());
    visitors = new Visitors(config.visitors(), System::nanoTime, metrics);
    rendezvous =
        new Rendezvous<>(
            config.rendezvous(), System::nanoTime, new Pairing(config.bridges(), metrics));
    metrics.gauge("converge_connections", connections::size);
    metrics.gauge("converge_addresses", visitors::addresses);
    metrics.gauge("converge_waiting_slots", rendezvous::waitingSlots);
    metrics.gauge("converge_waiting_clients", rendezvous::waitingClients);
    metrics.gauge("converge_bridges", visitors::bridges);
    doors =
        new Doors(
            rendezvous, config.limits(), new TokenCheck(config.tokens(), config.trustProxy()));
    site = Site.load(config.trustProxy(), () -> draining);
    Transport transport = Transport.best();
    loops = new MultiThreadIoEventLoopGroup(transport.io());
    listener = listen(transport.server());
  }

  private Channel listen(Class<? extends ServerChannel> type) throws IOException {
    var bound =
        new ServerBootstrap()
            .group(loops)
            .channel(type)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .childHandler(new Http())
            .bind(config.address())
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      throw new IOException(String.valueOf(bound.cause().getMessage()), bound.cause());
    }
    return bound.channel();
  }

  /** The phase in which every connection begins. */
  private final class Http extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      boolean addressKnown = !config.trustProxy() && !config.proxyProtocol();
      var gate = new Gate(connections, visitors, config.trustProxy());
      if (!gate.admits(channel, addressKnown)) {
        channel.close();
        return;
      }
      int headerBytes = config.limits().headerBytes();
      ChannelPipeline pipeline = channel.pipeline();
      pipeline.addLast(connections);
      if (config.proxyProtocol()) {
        ProxyHeader.install(pipeline);
      }
      pipeline.addLast(
          new UpgradeBoundary(
              new HttpDecoderConfig()
                  .setMaxInitialLineLength(headerBytes)
                  .setMaxHeaderSize(headerBytes)));
      pipeline.addLast(new HttpResponseEncoder());
      pipeline.addLast(
          new IdleStateHandler(true, 0, STALLED_ANSWER.toSeconds(), 0, TimeUnit.SECONDS));
      pipeline.addLast(new StalledAnswer());
      pipeline.addLast(new LastAnswer());
      pipeline.addLast(new RequestDeadline(config.limits().handshake()));
      pipeline.addLast(gate);
      pipeline.addLast(new Router(site, doors));
    }
  }

  /** Where it listens; the port is the one that was bound. */
  InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
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
   * Ends it: nobody new is let in, whoever waits is told at once, bridges may end by themselves for
   * {@code grace} and are closed then.
   */
  void stop(Duration grace) {
    if (!draining) {
      LOG.info("ending: {}", metrics.summary());
    }
    draining = true;
    listener.close().awaitUninterruptibly();
    connections.tell(Shutdown.TELL_WAITING);
    if (!connections.awaitNone(grace)) {
      connections.tell(Shutdown.END_BRIDGES);
      connections.awaitNone(Duration.ofSeconds(1));
    }
    connections.closeAll();
    // The quiet time lets a loop take what the connections of another still have for it.
    loops.shutdownGracefully(50, 1000, TimeUnit.MILLISECONDS).awaitUninterruptibly();
  }

  @Override
  public void close() {
    stop(Duration.ZERO);
  }
}
