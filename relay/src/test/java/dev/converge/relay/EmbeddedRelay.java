package dev.converge.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponseEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** A relay without sockets and threads, whose matches wait until the test lets them be paired. */
final class EmbeddedRelay implements AutoCloseable {
  private static final Site SITE = site();

  final Rendezvous<WaitingSlot, WaitingClient> rendezvous;
  private final Queue<Match<WaitingSlot, WaitingClient>> matches = new ArrayDeque<>();
  private final List<EmbeddedChannel> channels = new ArrayList<>();
  private final Doors doors;

  private final Metrics metrics = new Metrics();
  private final Visitors visitors;

  EmbeddedRelay(RendezvousLimits limits) {
    this(limits, RelayFixture.VISITORS);
  }

  EmbeddedRelay(RendezvousLimits limits, VisitorLimits visitorLimits) {
    visitors = new Visitors(visitorLimits, () -> 0, metrics);
    rendezvous = new Rendezvous<>(limits, () -> 0, matches::add);
    doors =
        new Doors(rendezvous, RelayFixture.LIMITS, new TokenCheck(TokenSecrets.NONE, false, false));
  }

  /** A connection that has sent nothing yet. */
  EmbeddedChannel open() {
    var channel =
        new EmbeddedChannel(
            new UpgradeBoundary(new HttpDecoderConfig()),
            new HttpResponseEncoder(),
            new LastAnswer(),
            new RequestDeadline(RelayFixture.LIMITS.handshake()),
            new Gate(new Connections(100), visitors, false),
            new Router(SITE, doors));
    channel.config().setAllocator(Buffers.COUNTED);
    channels.add(channel);
    return channel;
  }

  /** A connection that has sent a request to upgrade and {@code behind} right behind it. */
  EmbeddedChannel connect(String target, byte[] behind, String... headers) {
    EmbeddedChannel channel = open();
    byte[] head = RawHttp.upgrade(target, headers).getBytes(StandardCharsets.US_ASCII);
    channel.writeInbound(Buffers.of(head).writeBytes(behind));
    return channel;
  }

  EmbeddedChannel connect(String target) {
    return connect(target, new byte[0]);
  }

  private static Site site() {
    return new Site(null, false, false, () -> false);
  }

  /** Makes bridges of the matches, and of those that come of that. */
  void pair() {
    run();
    for (var match = matches.poll(); match != null; match = matches.poll()) {
      new Pairing(BridgeLimits.NONE, metrics).accept(match);
      run();
    }
  }

  /** Takes the slot of a match, whose agent does not know yet. */
  void take() {
    run();
    Match<WaitingSlot, WaitingClient> match = matches.remove();
    new Pairing(BridgeLimits.NONE, metrics).accept(match);
    ((EmbeddedChannel) match.client().channel()).runPendingTasks();
  }

  /** Does all that the event loops have to do. */
  void run() {
    for (int i = 0; i < 4; i++) {
      channels.forEach(EmbeddedChannel::runPendingTasks);
    }
  }

  /** What went out since the last look. */
  static String sent(EmbeddedChannel channel) {
    var text = new StringBuilder();
    for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      text.append(out.toString(StandardCharsets.ISO_8859_1));
      out.release();
    }
    return text.toString();
  }

  @Override
  public void close() {
    channels.forEach(EmbeddedChannel::close);
    pair();
    channels.forEach(EmbeddedChannel::finishAndReleaseAll);
  }
}
