package dev.converge.relay;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponseEncoder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The handlers with which a connection begins, in this order: whose it is (behind a PROXY header,
 * if there is one), TLS or not, HTTP, whether one more of that address is let in, and what it
 * wants.
 */
final class Entrance {
  private final RelayConfig config;
  private final Connections connections;
  private final Visitors visitors;
  private final @Nullable ServerTls tls;
  private final Supplier<ChannelHandler> router;

  Entrance(
      RelayConfig config,
      Connections connections,
      Visitors visitors,
      @Nullable ServerTls tls,
      Supplier<ChannelHandler> router) {
    this.config = config;
    this.connections = connections;
    this.visitors = visitors;
    this.tls = tls;
    this.router = router;
  }

  /** A connection of the relay's own port. */
  void serve(Channel channel) {
    begin(channel, tls, router.get());
  }

  /**
   * A connection of the port for plain HTTP.
   *
   * @param port where it is sent on to
   */
  void redirect(Channel channel, int port) {
    begin(channel, null, new Redirect(port));
  }

  private void begin(Channel channel, @Nullable ServerTls security, ChannelHandler last) {
    boolean addressKnown = !config.trustProxy() && !config.proxyProtocol();
    var gate = new Gate(connections, visitors, config.trustProxy());
    if (!gate.admits(channel, addressKnown)) {
      channel.close();
      return;
    }
    connections.add(channel);
    ChannelPipeline pipeline = channel.pipeline();
    if (config.proxyProtocol()) {
      ProxyHeader.install(pipeline);
    }
    pipeline.addLast(new FirstByte(security));
    http(pipeline);
    pipeline.addLast(gate, last);
  }

  private void http(ChannelPipeline pipeline) {
    int headerBytes = config.limits().headerBytes();
    pipeline.addLast(
        new UpgradeBoundary(
            new HttpDecoderConfig()
                .setMaxInitialLineLength(headerBytes)
                .setMaxHeaderSize(headerBytes)));
    pipeline.addLast(new HttpResponseEncoder());
    pipeline.addLast(new LastAnswer());
    pipeline.addLast(new RequestDeadline(config.limits().handshake()));
  }
}
