package dev.converge.tunnel;

import java.io.IOException;

/**
 * The peer broke RFC 6455, or the rules of a resumable stream; carries what it is told in the close
 * frame.
 */
public final class ProtocolViolation extends IOException {
  private final CloseReason reason;

  ProtocolViolation(String what) {
    this(CloseReason.PROTOCOL_ERROR, what);
  }

  ProtocolViolation(int code, String what) {
    super(what);
    reason = new CloseReason(code, what);
  }

  public CloseReason reason() {
    return reason;
  }
}
