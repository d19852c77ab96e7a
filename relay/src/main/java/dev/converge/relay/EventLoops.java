package dev.converge.relay;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Brings the two connections of a bridge to one event loop, so that no byte changes threads. */
final class EventLoops {
  /** How many bridges live at each. */
  private final Map<EventLoop, AtomicInteger> bridges = new ConcurrentHashMap<>();

  private AtomicInteger bridges(EventLoop loop) {
    return bridges.computeIfAbsent(loop, first -> new AtomicInteger());
  }

  /** Counts a bridge for its event loop, until this connection of it is closed. */
  void count(Channel connection) {
    AtomicInteger here = bridges(connection.eventLoop());
    here.incrementAndGet();
    connection.closeFuture().addListener(closed -> here.decrementAndGet());
  }

  /** Where the two meet: at that of theirs with fewer bridges, or at one that has none at all. */
  EventLoop meeting(EventLoop one, EventLoop other) {
    boolean fewer = bridges(other).get() < bridges(one).get();
    EventLoop best = fewer && areNeighbours(one, other) ? other : one;
    return bridges(best).get() == 0 ? best : idleNeighbour(best);
  }

  private EventLoop idleNeighbour(EventLoop loop) {
    if (loop.parent() != null) {
      for (EventExecutor next : loop.parent()) {
        if (next instanceof EventLoop neighbour && bridges(neighbour).get() == 0) {
          return neighbour;
        }
      }
    }
    return loop;
  }

  /** Whether connections can go from the one to the other. */
  static boolean areNeighbours(EventLoop one, EventLoop other) {
    return one != other && one.parent() != null && one.parent() == other.parent();
  }

  /**
   * Moves a connection whose handlers only keep what they read meanwhile to a neighbour of its
   * event loop, and goes on there. By then it may be closed, as it may at any time.
   */
  static void move(Channel channel, EventLoop to, Runnable next) {
    channel
        .deregister()
        .addListener(
            left ->
                to.register(channel)
                    .addListener(
                        there -> {
                          if (!there.isSuccess()) {
                            lost(channel);
                          }
                          to.execute(next);
                        }));
  }

  /** It was closed on the way, when it had no loop to tell its handlers so. */
  private static void lost(Channel channel) {
    channel.pipeline().fireChannelInactive();
    channel.pipeline().fireChannelUnregistered();
  }
}
