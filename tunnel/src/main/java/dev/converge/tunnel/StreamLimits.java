package dev.converge.tunnel;

import java.time.Duration;

/**
 * What a resumable stream may hold and how long it may be silent.
 *
 * @param replay how many bytes are kept that the peer has not acknowledged
 * @param ackBytes after how many bytes an acknowledgement is due at the latest
 * @param ackDelay after how long it is
 * @param keepalive after how long with nothing to say an end says that it is there
 * @param stalledKeepalive the same while it does not read and so cannot acknowledge
 * @param silence after how long with nothing to hear the path is lost
 * @param busySilence the same while an acknowledgement is overdue
 */
public record StreamLimits(
    int replay,
    int ackBytes,
    Duration ackDelay,
    Duration keepalive,
    Duration stalledKeepalive,
    Duration silence,
    Duration busySilence) {
  /** Keeps 8 MiB; both ends of an idle stream together send one frame in 10 s. */
  public static final StreamLimits DEFAULT =
      new StreamLimits(
          8 << 20,
          1 << 20,
          Duration.ofSeconds(1),
          Duration.ofSeconds(20),
          Duration.ofSeconds(3),
          Duration.ofSeconds(30),
          Duration.ofSeconds(10));
}
