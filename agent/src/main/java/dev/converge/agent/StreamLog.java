package dev.converge.agent;

import dev.converge.tunnel.SessionId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one hears of a client that may lose its connection and come back. */
final class StreamLog {
  private static final Logger LOG = LoggerFactory.getLogger(StreamLog.class);

  private final SessionId id;
  private final String client;
  private final long start = System.nanoTime();
  private @Nullable Long awaySince;
  private long in;
  private long out;

  StreamLog(SessionId id, String client) {
    this.id = id;
    this.client = client;
  }

  void in(int bytes) {
    in += bytes;
  }

  void out(int bytes) {
    out += bytes;
  }

  void detached(String why, Duration window) {
    awaySince = System.nanoTime();
    LOG.info(
        "{}: client {} lost its connection ({}); it may come back for {}",
        id,
        client,
        why,
        Spoken.duration(window));
  }

  /** Its next connection, or its first, is there. */
  void attached(String from) {
    if (awaySince != null) {
      LOG.info("{}: client {} is back after {} (from {})", id, client, since(awaySince), from);
    }
    awaySince = null;
  }

  void gone(String why) {
    LOG.info(
        "{}: client {} has gone after {}: {}; {} bytes in, {} bytes out",
        id,
        client,
        since(start),
        why,
        in,
        out);
  }

  private static String since(long start) {
    return Spoken.duration(Duration.ofNanos(System.nanoTime() - start));
  }
}
