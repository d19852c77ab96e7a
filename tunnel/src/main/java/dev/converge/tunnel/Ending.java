package dev.converge.tunnel;

import org.jspecify.annotations.Nullable;

/**
 * How a link comes to its end: which side has ended it, for how long the other is waited for, and
 * what is said of it. Times are in nanoseconds. Guarded by the {@link LinkState} that has it.
 */
final class Ending {
  private final long patience;
  private @Nullable CloseReason own;
  private @Nullable CloseReason peers;
  private @Nullable CloseReason outcome;
  private String epitaph = "";

  /** Whether the peer has all of ours, and our end. */
  private boolean delivered;

  /** When the peer last said something, or got the last that it had to get. */
  private long lastWord;

  /**
   * @param patience how long a peer may be silent that has nothing to wait for
   */
  Ending(long patience) {
    this.patience = patience;
  }

  /** This side ends it; false if it has ended already, or the other side has. */
  boolean close(CloseReason reason, long now) {
    if (hasBegun()) {
      return false;
    }
    own = reason;
    lastWord = now;
    return true;
  }

  void peerEnded(CloseReason reason, long now) {
    peers = reason;
    lastWord = now;
  }

  /**
   * The peer has said something.
   *
   * @param all whether it has all of ours, and our end
   * @return whether it has since now
   */
  boolean heard(boolean all, long now) {
    if (peers == null && !delivered) {
      lastWord = now;
    }
    boolean last = all && !delivered;
    delivered |= all;
    return last;
  }

  /** It begins anew to be the peer's turn: what was before was our own silence. */
  void restart(long now) {
    lastWord = now;
  }

  /** For how long a peer that neither says more nor ends is waited for. */
  long untilGivenUp(boolean delivering, long now) {
    boolean waiting = peers != null || (own != null && delivered && !delivering);
    return waiting ? patience - (now - lastWord) : Long.MAX_VALUE;
  }

  /** What was last said about the end, which counts if nobody is waited for any more. */
  @Nullable CloseReason lastSaid() {
    return peers == null ? own : peers;
  }

  /**
   * It is over, unless it was before.
   *
   * @param why in a line for the user; empty if the reason says all
   */
  void over(CloseReason reason, String why) {
    if (outcome == null) {
      outcome = reason;
      epitaph = why.isEmpty() ? "the session ended early: " + reason : why;
    }
  }

  /** Whether one side has ended it, so that nothing more is taken to be sent. */
  boolean hasBegun() {
    return own != null || peers != null || outcome != null;
  }

  boolean isOver() {
    return outcome != null;
  }

  @Nullable CloseReason own() {
    return own;
  }

  @Nullable CloseReason peers() {
    return peers;
  }

  @Nullable CloseReason outcome() {
    return outcome;
  }

  /** The end in a line for the user; empty before it. */
  String epitaph() {
    return epitaph;
  }
}
