package dev.converge.tunnel;

import java.io.IOException;

/** The peer broke RFC 6455; carries what it is told in the close frame. */
final class ProtocolViolation extends IOException {
  private final CloseReason reason;

  ProtocolViolation(String what) {
    this(CloseReason.PROTOCOL_ERROR, what);
  }

  ProtocolViolation(int code, String what) {
    super(what);
    reason = new CloseReason(code, what);
  }

  CloseReason reason() {
    return reason;
  }
}
