package dev.converge.relay;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the header with which a proxy in front begins each connection (PROXY protocol, versions 1
 * and 2), and is gone then. For all that stands behind, TLS included, the connection begins behind
 * that header. A connection that begins with anything else is closed.
 */
final class ProxyHeader extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(ProxyHeader.class);

  private ProxyHeader() {}

  /** Puts it, and the decoder that it needs and that removes itself, at the end so far. */
  static void install(ChannelPipeline pipeline) {
    pipeline.addLast(new HAProxyMessageDecoder(), new ProxyHeader());
  }

  /** Not yet: nobody is to know of this connection before its address is known. */
  @Override
  public void channelActive(ChannelHandlerContext ctx) {}

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof HAProxyMessage header)) {
      ctx.fireChannelRead(message);
      return;
    }
    try {
      believe(ctx.channel(), header);
    } finally {
      header.release();
    }
    ctx.fireChannelActive();
    ctx.pipeline().remove(this);
  }

  /** The proxy's own connections, such as those that see whether we live, keep their address. */
  private static void believe(Channel channel, HAProxyMessage header) {
    boolean tcp =
        header.proxiedProtocol() == HAProxyProxiedProtocol.TCP4
            || header.proxiedProtocol() == HAProxyProxiedProtocol.TCP6;
    if (header.command() == HAProxyCommand.PROXY && tcp) {
      InetAddress address = NetUtil.createInetAddressFromIpAddressString(header.sourceAddress());
      Addresses.set(channel, new InetSocketAddress(address, header.sourcePort()));
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof DecoderException) {
      LOG.debug(
          "{}: a connection without a PROXY header: {}",
          Addresses.text(ctx.channel()),
          cause.getMessage());
      ctx.close();
    } else {
      ctx.fireExceptionCaught(cause);
    }
  }
}
