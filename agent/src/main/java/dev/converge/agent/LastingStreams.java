package dev.converge.agent;

import dev.converge.tunnel.CloseReason;
import dev.converge.tunnel.Hello;
import dev.converge.tunnel.ReplayBudget;
import dev.converge.tunnel.ResumableStream;
import dev.converge.tunnel.SessionId;
import dev.converge.tunnel.StreamId;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The resumable streams of an agent, by their IDs. Who knows an ID has the stream: it is 128 random
 * bits, and never shown in full.
 */
final class LastingStreams implements Greeting.Heard {
  static final String UNKNOWN =
      "the agent does not know this session (it was over, or the agent is another one)";

  /** At more than that many, those go first that only wait for somebody to ask how they ended. */
  static final int MOST = 1024;

  private static final Logger LOG = LoggerFactory.getLogger(LastingStreams.class);

  /** What the streams are for. Called on event loops. */
  interface Host {
    /** Serves a client that speaks plainly, as {@link SshEndpoint#attach}. */
    void attach(Channel channel, String client);

    /** As {@link SshEndpoint#session}. */
    StreamSession session(String client, ByteStream stream);

    /** A client has come that may lose its connection and come back. */
    void came();

    /** Such a client is gone for good. */
    void gone();
  }

  private final SessionId id;
  private final ResumeConfig config;
  private final Host host;
  private final ReplayBudget budget;
  private final Map<StreamId, LastingStream> streams = new LinkedHashMap<>();
  private boolean closed;

  LastingStreams(SessionId id, ResumeConfig config, Host host) {
    this.id = id;
    this.config = config;
    this.host = host;
    budget = new ReplayBudget(config.replay());
  }

  /** Waits for what the client says first. To be called on the channel's event loop. */
  void greet(Channel channel, String client) {
    channel.pipeline().addLast(new Greeting(client, config.greeting(), this));
  }

  @Override
  public void plain(ChannelHandlerContext ctx, String client) {
    host.attach(ctx.channel(), client);
  }

  @Override
  public void hello(ChannelHandlerContext ctx, String client, Hello hello) {
    Channel channel = ctx.channel();
    if (hello.kind() != Hello.Kind.OPEN && hello.kind() != Hello.Kind.RESUME) {
      ControlFrames.close(
          ctx.pipeline(), new CloseReason(CloseReason.PROTOCOL_ERROR, "hello of no client"));
      return;
    }
    LastingStream stream = find(hello, client, channel.eventLoop());
    if (stream == null) {
      LOG.debug("{}: client {} is refused stream {}", id, client, hello.id());
      ctx.write(Unpooled.wrappedBuffer(Hello.refuse(hello.id(), refusal(hello)).bytes()));
      var unused = ctx.close();
      return;
    }
    channel.pipeline().remove(SessionLog.class);
    StreamPath path = new StreamPath(channel, client, stream);
    stream.atHome(() -> stream.attach(path, hello));
    channel.pipeline().addLast(path);
  }

  private static String refusal(Hello hello) {
    return hello.kind() == Hello.Kind.RESUME ? UNKNOWN : "the agent takes no more sessions";
  }

  private synchronized @Nullable LastingStream find(Hello hello, String client, EventLoop loop) {
    LastingStream known = streams.get(hello.id());
    if (known == null && hello.kind() == Hello.Kind.OPEN && !closed && makeRoom()) {
      return open(hello.id(), client, loop);
    }
    return known;
  }

  private boolean makeRoom() {
    if (streams.size() < MOST) {
      return true;
    }
    for (LastingStream stream : streams.values()) {
      if (stream.gone().isDone()) {
        streams.remove(stream.id());
        stream.forget();
        return true;
      }
    }
    return false;
  }

  private LastingStream open(StreamId name, String client, EventLoop loop) {
    var stream =
        new LastingStream(
            ResumableStream.agent(name, config.limits(), budget),
            loop,
            config.window(),
            new StreamLog(id, client));
    StreamSession session = host.session(client, stream);
    stream.feed(session);
    session.begin();
    host.came();
    stream.gone().thenRun(host::gone);
    streams.put(name, stream);
    stream.forgotten().thenRun(() -> forget(name, stream));
    return stream;
  }

  private synchronized void forget(StreamId name, LastingStream stream) {
    streams.remove(name, stream);
  }

  /**
   * Begins no more streams, and waits no longer for clients that are away.
   *
   * @return completes when those that are here have heard everything of their sessions' ends
   */
  synchronized CompletableFuture<Void> close() {
    closed = true;
    return CompletableFuture.allOf(
        streams.values().stream().map(LastingStream::abandon).toArray(CompletableFuture[]::new));
  }
}
