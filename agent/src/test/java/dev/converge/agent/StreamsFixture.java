package dev.converge.agent;

import dev.converge.cli.Failure;
import dev.converge.tunnel.Endpoint;
import dev.converge.tunnel.ProxySettings;
import dev.converge.tunnel.Role;
import dev.converge.tunnel.SessionId;
import dev.converge.tunnel.StreamLimits;
import dev.converge.tunnel.TlsConfig;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.util.Readable;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/** A link and its streams, with sessions that say hello and then whatever they hear. */
final class StreamsFixture implements RelayLink.Listener, LastingStreams.Host, AutoCloseable {
  static final Duration WINDOW = Duration.ofSeconds(10);
  private static final long REPLAY = 64 << 20;

  final LastingStreams streams;
  final AtomicInteger came = new AtomicInteger();
  final AtomicInteger gone = new AtomicInteger();
  final AtomicInteger plain = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();
  private final BlockingQueue<StreamSession> sessions = new LinkedBlockingQueue<>();
  private final ExecutorService pool = Executors.newCachedThreadPool();
  private final RelayLink link;

  StreamsFixture(FakeRelay relay) {
    this(relay, WINDOW, Duration.ofSeconds(10), ResumingClient.QUICK);
  }

  StreamsFixture(FakeRelay relay, Duration window, Duration greeting, StreamLimits limits) {
    var id = new SessionId("id");
    streams = new LastingStreams(id, new ResumeConfig(window, greeting, limits, REPLAY), this);
    link =
        new RelayLink(
            new LinkConfig(
                Endpoint.parse("ws://127.0.0.1:" + relay.port() + "/agent/id", Role.AGENT),
                "key",
                null,
                new ProxySettings(Map.of()),
                Trust.in(TlsConfig.trusting(null)),
                Duration.ofSeconds(30),
                LinkFixture.QUICK),
            this);
    link.start();
  }

  private final class Echo implements IoHandler {
    @Override
    public void sessionCreated(IoSession session) throws Exception {
      say(session, "hello ".getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void sessionClosed(IoSession session) {
      closed.incrementAndGet();
    }

    @Override
    public void exceptionCaught(IoSession session, Throwable cause) {
      throw new AssertionError(cause);
    }

    @Override
    public void messageReceived(IoSession session, Readable message) throws Exception {
      byte[] bytes = new byte[message.available()];
      message.getRawBytes(bytes, 0, bytes.length);
      say(session, bytes);
    }
  }

  private static void say(IoSession session, byte[] bytes) throws Exception {
    session.writeBuffer(new ByteArrayBuffer(bytes));
  }

  @Override
  public void ready() {}

  @Override
  public void paired(Channel channel, String client, boolean mayResume) {
    if (mayResume) {
      streams.greet(channel, client);
    } else {
      attach(channel, client);
    }
  }

  @Override
  public void gaveUp(Failure why) {}

  @Override
  public void attach(Channel channel, String client) {
    plain.incrementAndGet();
    var stream = new ChannelStream(channel);
    StreamSession session = session(client, stream);
    stream.feed(session);
    session.begin();
    channel.pipeline().addLast(stream);
  }

  @Override
  public StreamSession session(String client, ByteStream stream) {
    var session = new StreamSession(client, stream, new Echo(), new Lane(pool));
    sessions.add(session);
    return session;
  }

  @Override
  public void came() {
    came.incrementAndGet();
    link.expect();
  }

  @Override
  public void gone() {
    gone.incrementAndGet();
    link.expectNoMore();
  }

  /** How many there have been. */
  int sessions() {
    return came.get() + plain.get();
  }

  /** How many have ended. */
  int closed() {
    return closed.get();
  }

  StreamSession session() throws InterruptedException {
    StreamSession session = sessions.poll(10, TimeUnit.SECONDS);
    if (session == null) {
      throw new AssertionError("no session");
    }
    return session;
  }

  @Override
  public void close() {
    streams.close();
    link.close();
    pool.shutdown();
  }
}
