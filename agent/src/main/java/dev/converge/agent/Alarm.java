package dev.converge.agent;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Wakes somebody in time, once. Confined to the event loop on which it wakes. */
final class Alarm {
  private final EventLoop loop;
  private final Runnable wake;
  private @Nullable Future<?> next;
  private long at;

  Alarm(EventLoop loop, Runnable wake) {
    this.loop = loop;
    this.wake = wake;
  }

  /** Wakes then, and not before. */
  void in(long nanos) {
    off();
    at = System.nanoTime() + nanos;
    next = loop.schedule(this::ring, nanos, TimeUnit.NANOSECONDS);
  }

  /** Wakes then, or earlier if it was to do so anyway. */
  void within(long nanos) {
    if (next == null || System.nanoTime() + nanos - at < 0) {
      in(nanos);
    }
  }

  void off() {
    if (next != null) {
      next.cancel(false);
      next = null;
    }
  }

  private void ring() {
    next = null;
    wake.run();
  }
}
