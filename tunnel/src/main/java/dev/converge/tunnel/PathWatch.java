package dev.converge.tunnel;

/** When to say on a path that we are here, and when to believe that nobody else is. */
final class PathWatch {
  private final long keepalive;
  private final long stalledKeepalive;
  private final long silence;
  private final long busySilence;

  private boolean reading = true;
  private boolean busy;
  private long busySince;
  private long said;
  private long heard;

  PathWatch(StreamLimits limits) {
    keepalive = limits.keepalive().toNanos();
    stalledKeepalive = limits.stalledKeepalive().toNanos();
    silence = limits.silence().toNanos();
    busySilence = limits.busySilence().toNanos();
  }

  void opened(long now) {
    said = now;
    heard = now;
    busy = false;
  }

  void said(long now) {
    said = now;
  }

  void heard(long now) {
    heard = now;
  }

  /** Whether an answer is owed to us. */
  void busy(boolean on, long now) {
    if (on && !busy) {
      busySince = now;
    }
    busy = on;
  }

  /** Whether we read; the silence while we do not is our own. */
  void reading(boolean on, long now) {
    if (on && !reading) {
      heard = now;
    }
    reading = on;
  }

  long keepaliveDue(long now) {
    return Math.max(0, (reading ? keepalive : stalledKeepalive) - (now - said));
  }

  /** How long until the path counts as lost: 0 if it does. */
  long lostIn(long now) {
    if (!reading) {
      return Long.MAX_VALUE;
    }
    long idle = silence - (now - heard);
    if (!busy) {
      return Math.max(0, idle);
    }
    long owed = busySilence - Math.min(now - heard, now - busySince);
    return Math.max(0, Math.min(idle, owed));
  }
}
