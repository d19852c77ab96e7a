package dev.converge.agent;

import java.io.IOException;
import java.time.Duration;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks clients for a sign of life, so that one that vanished without a word is noticed. */
final class Heartbeat {
  static final Duration INTERVAL = Duration.ofSeconds(15);

  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
  private static final long MOST_SILENT = INTERVAL.multipliedBy(4).toNanos();

  private Heartbeat() {}

  /** One beat for one client. */
  static void beat(Session session) {
    if (!(session.getIoSession() instanceof StreamSession io)
        || !io.needsHeartbeat()
        || !session.isAuthenticated()) {
      return;
    }
    if (System.nanoTime() - io.lastInput() > MOST_SILENT) {
      LOG.info("{}: no sign of life for {} s, closing", session, MOST_SILENT / 1_000_000_000);
      session.close(true);
      return;
    }
    try {
      Buffer buffer = session.createBuffer(SshConstants.SSH_MSG_GLOBAL_REQUEST);
      buffer.putString("keepalive@openssh.com");
      buffer.putBoolean(true);
      session.request(buffer, "keepalive@openssh.com", (command, reply) -> {});
    } catch (IOException | RuntimeException e) {
      LOG.debug("{}: no heartbeat", session, e);
    }
  }
}
