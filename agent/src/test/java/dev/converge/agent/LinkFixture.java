package dev.converge.agent;

import dev.converge.cli.Failure;
import dev.converge.tunnel.Endpoint;
import dev.converge.tunnel.ProxySettings;
import dev.converge.tunnel.Role;
import dev.converge.tunnel.TlsConfig;
import dev.converge.tunnel.TokenMint;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A link under test, and what it told. */
final class LinkFixture implements RelayLink.Listener, AutoCloseable {
  static final LinkTimes QUICK =
      new LinkTimes(
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofMillis(50),
          Duration.ofSeconds(20),
          Duration.ofMillis(20),
          Duration.ofMillis(200),
          Duration.ofMillis(200));

  final CountDownLatch ready = new CountDownLatch(1);
  final CompletableFuture<Failure> gaveUp = new CompletableFuture<>();
  private final BlockingQueue<Session> sessions = new LinkedBlockingQueue<>();
  private final RelayLink link;

  LinkFixture(int port) {
    this("ws://127.0.0.1:" + port + "/agent/id", QUICK);
  }

  LinkFixture(String url, LinkTimes times) {
    this(url, times, Duration.ofSeconds(30), Map.of(), null);
  }

  LinkFixture(
      String url,
      LinkTimes times,
      Duration connectTimeout,
      Map<String, String> environment,
      @Nullable Path caFile) {
    this(url, Trust.in(TlsConfig.trusting(caFile)), times, connectTimeout, environment);
  }

  LinkFixture(
      String url,
      Trust trust,
      LinkTimes times,
      Duration connectTimeout,
      Map<String, String> environment) {
    link =
        new RelayLink(
            new LinkConfig(
                Endpoint.parse(url, Role.AGENT),
                "secret of this run",
                new TokenMint("shared".getBytes(StandardCharsets.UTF_8)),
                new ProxySettings(environment),
                trust,
                connectTimeout,
                times),
            this);
    link.start();
  }

  static LinkTimes pingingEvery(Duration ping) {
    return new LinkTimes(
        QUICK.connect(), QUICK.handshake(), QUICK.close(), ping, QUICK.firstRetry(), ping, ping);
  }

  static LinkTimes closingWithin(Duration close) {
    return new LinkTimes(
        QUICK.connect(),
        QUICK.handshake(),
        close,
        QUICK.ping(),
        QUICK.firstRetry(),
        QUICK.lastRetry(),
        QUICK.lastAwaitedRetry());
  }

  /** Seeks the relay seldom, unless somebody is expected. */
  static LinkTimes seldomUnlessAwaited(Duration awaited) {
    Duration seldom = Duration.ofMinutes(10);
    return new LinkTimes(
        QUICK.connect(), QUICK.handshake(), QUICK.close(), QUICK.ping(), seldom, seldom, awaited);
  }

  void expect() {
    link.expect();
  }

  void expectNoMore() {
    link.expectNoMore();
  }

  @Override
  public void ready() {
    ready.countDown();
  }

  @Override
  public void paired(Channel channel, String client, boolean mayResume) {
    Session session = new Session(channel, client);
    channel.pipeline().addLast(session);
    sessions.add(session);
  }

  @Override
  public void gaveUp(Failure why) {
    gaveUp.complete(why);
  }

  /** The next session; it reads nothing before it is told to. */
  Session session() throws InterruptedException {
    Session session = sessions.poll(10, TimeUnit.SECONDS);
    if (session == null) {
      throw new AssertionError("no session");
    }
    return session;
  }

  String failure() throws Exception {
    return String.valueOf(gaveUp.get(10, TimeUnit.SECONDS).getMessage());
  }

  @Override
  public void close() {
    link.close();
  }

  static final class Session extends ChannelInboundHandlerAdapter {
    final Channel channel;
    final String client;
    private final StringBuilder received = new StringBuilder();

    private Session(Channel channel, String client) {
      this.channel = channel;
      this.client = client;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      synchronized (received) {
        received.append(bytes.toString(StandardCharsets.ISO_8859_1));
      }
      bytes.release();
    }

    Session reading() {
      channel.config().setAutoRead(true);
      return this;
    }

    String received() {
      synchronized (received) {
        return received.toString();
      }
    }

    int count() {
      synchronized (received) {
        return received.length();
      }
    }

    void send(String bytes) {
      channel.writeAndFlush(Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1));
    }
  }
}
