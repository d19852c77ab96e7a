package dev.converge.agent;

import dev.converge.tunnel.Endpoint;
import dev.converge.tunnel.HttpProxy;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.proxy.HttpProxyHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.NoopAddressResolverGroup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Opens connections to the relay, through a proxy if there is one. */
final class Dialer {
  private final LinkConfig config;
  private final Transport transport;
  private final EventLoop loop;
  private final ChannelGroup channels;
  private final @Nullable HttpProxy proxy;

  /**
   * @param loop the one that ends the others
   * @param channels where each connection is entered as long as it is open
   * @throws IllegalArgumentException if the settings of the proxy are malformed
   */
  Dialer(LinkConfig config, Transport transport, EventLoop loop, ChannelGroup channels) {
    this.config = config;
    this.transport = transport;
    this.loop = loop;
    this.channels = channels;
    proxy = config.proxies().proxyFor(config.endpoint());
  }

  /** Begins one attempt; what becomes of it is told to {@code events}. */
  void dial(SlotEvents events) {
    CompletableFuture.supplyAsync(this::addresses, Dialer::onThreadOfItsOwn)
        .orTimeout(config.times().connect().toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete(
            (addresses, failure) -> {
              if (failure == null) {
                connectLater(addresses, events);
              } else {
                events.failed(failure);
              }
            });
  }

  /** A lookup can block for long and cannot be interrupted, so it may cost a thread; TLS too. */
  private static void onThreadOfItsOwn(Runnable lookup) {
    Thread thread = new Thread(lookup, "lookup");
    thread.setDaemon(true);
    thread.start();
  }

  private List<InetAddress> addresses() {
    if (config.endpoint().secure() || (proxy != null && proxy.secure())) {
      config.trust().load();
    }
    try {
      return List.of(InetAddress.getAllByName(firstHop()));
    } catch (UnknownHostException e) {
      throw new CompletionException(e);
    }
  }

  private String firstHop() {
    return proxy == null ? config.endpoint().host() : proxy.host();
  }

  /** Nobody connects, and so nobody waits for an event loop, when the event loops end. */
  private void connectLater(List<InetAddress> addresses, SlotEvents events) {
    new Home(loop)
        .later(
            () -> {
              if (!transport.group().isShuttingDown()) {
                connect(addresses, events);
              }
            });
  }

  /** Tries one address after the other. */
  private void connect(List<InetAddress> addresses, SlotEvents events) {
    connect(addresses.get(0), events)
        .addListener(
            (ChannelFuture connected) -> {
              if (connected.isSuccess()) {
                channels.add(connected.channel());
              } else if (addresses.size() > 1) {
                connectLater(addresses.subList(1, addresses.size()), events);
              } else {
                events.failed(connected.cause());
              }
            });
  }

  private ChannelFuture connect(InetAddress address, SlotEvents events) {
    Endpoint relay = config.endpoint();
    Bootstrap bootstrap =
        new Bootstrap()
            .group(transport.group())
            .channel(transport.channel())
            .resolver(NoopAddressResolverGroup.INSTANCE)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) config.times().connect().toMillis())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    handlers(channel, address, events);
                  }
                });
    return proxy == null
        ? bootstrap.connect(new InetSocketAddress(address, relay.port()))
        : bootstrap.connect(InetSocketAddress.createUnresolved(relay.host(), relay.port()));
  }

  private void handlers(Channel channel, InetAddress address, SlotEvents events) {
    Endpoint relay = config.endpoint();
    ChannelPipeline pipeline = channel.pipeline();
    if (proxy != null) {
      if (proxy.secure()) {
        pipeline.addLast(tls(channel, proxy.host(), proxy.port()));
      }
      pipeline.addLast(tunnel(new InetSocketAddress(address, proxy.port()), proxy));
    }
    if (relay.secure()) {
      pipeline.addLast(tls(channel, relay.host(), relay.port()));
    }
    pipeline.addLast(new HttpClientCodec(), new UpgradeHandler(config, events));
  }

  private SslHandler tls(Channel channel, String host, int port) {
    SslHandler tls = config.trust().newHandler(channel, host, port);
    tls.setHandshakeTimeoutMillis(config.times().handshake().toMillis());
    return tls;
  }

  private HttpProxyHandler tunnel(InetSocketAddress address, HttpProxy via) {
    HttpHeaders headers = new DefaultHttpHeaders();
    if (!via.authorization().isEmpty()) {
      headers.set(HttpHeaderNames.PROXY_AUTHORIZATION, via.authorization());
    }
    HttpProxyHandler handler = new HttpProxyHandler(address, headers);
    handler.setConnectTimeoutMillis(config.times().handshake().toMillis());
    return handler;
  }
}
