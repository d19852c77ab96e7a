package dev.converge.tunnel;

/** What one end of a resumable stream has received of the other's direction, and has said so. */
final class ReceivingSide {
  private final int ackBytes;
  private final long ackDelay;
  private long received;
  private long told;
  private long untoldSince;
  private boolean ended;

  ReceivingSide(StreamLimits limits) {
    ackBytes = limits.ackBytes();
    ackDelay = limits.ackDelay().toNanos();
  }

  void data(int length, long now) throws ProtocolViolation {
    count(length, now);
  }

  void end(long now) throws ProtocolViolation {
    count(1, now);
    ended = true;
  }

  private void count(int length, long now) throws ProtocolViolation {
    if (ended) {
      throw new ProtocolViolation("data after the end");
    }
    if (received == told) {
      untoldSince = now;
    }
    received += length;
  }

  /** How long until an acknowledgement is due: 0 if it is. */
  long due(long now) {
    if (received == told) {
      return Long.MAX_VALUE;
    }
    boolean atOnce = ended || received - told >= ackBytes;
    return atOnce ? 0 : Math.max(0, ackDelay - (now - untoldSince));
  }

  /** How much has been received, which the peer is told now. */
  long tell() {
    told = received;
    return received;
  }

  /** Whether all is received, and the peer was told. */
  boolean done() {
    return ended && received == told;
  }
}
