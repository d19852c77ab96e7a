package dev.converge.agent;

import dev.converge.cli.Failure;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps slots waiting at the relay, and hands over each one that a client takes. When the relay
 * goes away, it is sought with growing pauses; sessions that go on meanwhile are left alone.
 *
 * <p>The link gives up when the relay cannot be reached for the connect timeout and no client is
 * connected or expected back, or at once when the very first attempt is refused for good. Later
 * refusals count as passing: the ID was ours once, and the relay, or what stands before it, may be
 * starting again.
 *
 * <p>All its state is confined to one event loop.
 */
final class RelayLink implements AutoCloseable {
  /** Who is told. Called on event loops: nothing there may block. */
  interface Listener {
    /** The first slot waits. */
    void ready();

    /** As {@link SlotEvents#taken}. */
    void paired(Channel channel, String client, boolean mayResume);

    /** There will be no more slots. */
    void gaveUp(Failure why);
  }

  /** One waits while the next client's slot is being opened; the other is for bursts. */
  private static final int SLOTS = 2;

  private static final Logger LOG = LoggerFactory.getLogger(RelayLink.class);

  private enum State {
    /** No slot has ever been open. */
    SEEKING,
    /** The relay is there. */
    UP,
    /** It was there. */
    LOST,
    CLOSED
  }

  private final LinkConfig config;
  private final Listener listener;
  private final Transport transport = Transport.best();
  private final EventLoop loop = transport.group().next();
  private final ChannelGroup channels =
      new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE, true);
  private final Dialer dialer;
  private final Backoff backoff;

  private State state = State.SEEKING;
  private int dialing;
  private int waiting;
  private int paired;
  private int expected;
  private long downSince = System.nanoTime();
  private String trouble = "no answer";
  private @Nullable Future<?> retry;

  /**
   * @throws IllegalArgumentException if the settings of the proxy are malformed
   */
  RelayLink(LinkConfig config, Listener listener) {
    this.config = config;
    this.listener = listener;
    dialer = new Dialer(config, transport, loop, channels);
    backoff = new Backoff(config.times().firstRetry(), new SplittableRandom());
  }

  /** Begins to seek the relay. */
  void start() {
    loop.execute(
        () -> {
          downSince = System.nanoTime();
          giveUpLater();
          refill();
        });
  }

  private void refill() {
    int wanted = state == State.UP ? SLOTS : 1;
    while (state != State.CLOSED && retry == null && waiting + dialing < wanted) {
      dialing++;
      dialer.dial(new Attempt());
    }
  }

  /** One attempt's events, carried to the link's event loop. */
  private final class Attempt implements SlotEvents {
    private long opened;

    @Override
    public void failed(Throwable cause) {
      later(() -> onFailed(cause));
    }

    @Override
    public void opened(Channel slot) {
      opened = System.nanoTime();
      later(() -> onOpened(slot));
    }

    @Override
    public void taken(Channel slot, String client, boolean mayResume) {
      slot.pipeline().addLast(new SessionLog(config.endpoint().id(), client));
      slot.closeFuture().addListener(closed -> later(RelayLink.this::onSessionEnd));
      later(RelayLink.this::onTaken);
      listener.paired(slot, client, mayResume);
    }

    @Override
    public void lost(String why) {
      Duration lived = Duration.ofNanos(System.nanoTime() - opened);
      later(() -> onLost(why, lived));
    }
  }

  private void later(Runnable event) {
    try {
      loop.execute(event);
    } catch (RejectedExecutionException e) {
      LOG.trace("the link is closed, nothing counts any more", e);
    }
  }

  private void onFailed(Throwable cause) {
    dialing--;
    LOG.debug("{}: no slot", config.endpoint().id(), cause);
    String reason = Reasons.of(cause);
    if (state == State.SEEKING && isLasting(cause)) {
      giveUp(reason);
    } else {
      down(reason);
      retryLater(cause instanceof Refusal refusal ? refusal.retryAfter() : Duration.ZERO);
    }
  }

  private static boolean isLasting(Throwable cause) {
    if (cause instanceof Refusal refusal) {
      return refusal.isLasting();
    }
    return cause instanceof TlsRefusal refusal
        ? refusal.isLasting()
        : Reasons.isDistrust(cause)
            || Reasons.isPlain(cause)
            || Reasons.root(cause) instanceof Failure;
  }

  private void onOpened(Channel slot) {
    dialing--;
    waiting++;
    State before = state;
    if (state == State.CLOSED) {
      slot.close();
      return;
    }
    state = State.UP;
    if (before == State.SEEKING) {
      LOG.debug("{}: waiting at the relay", config.endpoint().id());
      listener.ready();
    } else if (before == State.LOST) {
      LOG.info("{}: the relay is back", config.endpoint().id());
    }
    refill();
  }

  private void onTaken() {
    waiting--;
    paired++;
    backoff.reset();
    refill();
  }

  private void onLost(String why, Duration lived) {
    waiting--;
    if (lived.compareTo(config.times().lastRetry()) >= 0) {
      backoff.reset();
    }
    down(why);
    retryLater(Duration.ZERO);
  }

  /** Somebody is here who will want to come back if the connection is lost. */
  void expect() {
    later(() -> expected++);
  }

  /** Undoes one {@link #expect}. */
  void expectNoMore() {
    later(
        () -> {
          expected--;
          giveUpIfTooLate();
        });
  }

  private void onSessionEnd() {
    paired--;
    giveUpIfTooLate();
  }

  /** The relay is gone if no slot waits there any more. */
  private void down(String reason) {
    if (state == State.UP && waiting == 0) {
      state = State.LOST;
      downSince = System.nanoTime();
      LOG.warn("{}: the relay is lost ({}); trying again", config.endpoint().id(), reason);
      giveUpLater();
    } else if (state == State.SEEKING && !reason.equals(trouble)) {
      LOG.info("{}: no relay yet ({}); trying again", config.endpoint().id(), reason);
    }
    trouble = reason;
  }

  private void retryLater(Duration atLeast) {
    if (state == State.CLOSED || retry != null) {
      return;
    }
    LinkTimes times = config.times();
    Duration pause = backoff.next(expected > 0 ? times.lastAwaitedRetry() : times.lastRetry());
    Duration delay = pause.compareTo(atLeast) > 0 ? pause : atLeast;
    retry =
        loop.schedule(
            () -> {
              retry = null;
              refill();
            },
            delay.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private void giveUpLater() {
    loop.schedule(
        this::giveUpIfTooLate, config.connectTimeout().toMillis() + 1, TimeUnit.MILLISECONDS);
  }

  private void giveUpIfTooLate() {
    boolean down = state == State.SEEKING || state == State.LOST;
    long nanos = System.nanoTime() - downSince;
    if (down && paired + expected == 0 && nanos >= config.connectTimeout().toNanos()) {
      giveUp(trouble + "; tried for " + Spoken.duration(config.connectTimeout()));
    }
  }

  private void giveUp(String why) {
    state = State.CLOSED;
    listener.gaveUp(new Failure("relay " + config.shownEndpoint() + ": " + why));
  }

  /** Closes all slots, and what is left of the sessions; returns when that is done. */
  @Override
  public void close() {
    later(this::closeSlots);
    transport.group().terminationFuture().awaitUninterruptibly(3 * limit());
  }

  private long limit() {
    return config.times().close().toMillis();
  }

  private void closeSlots() {
    state = State.CLOSED;
    if (retry != null) {
      retry.cancel(false);
    }
    channels.close();
    loop.schedule(this::end, limit(), TimeUnit.MILLISECONDS);
    channels.newCloseFuture().addListener(closed -> later(this::end));
  }

  /** Only from here, so that no event loop ends while this one has something to ask of it. */
  private void end() {
    transport.group().shutdownGracefully(0, limit(), TimeUnit.MILLISECONDS);
  }
}
