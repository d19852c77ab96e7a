package dev.converge.relay;

import dev.converge.tunnel.CloseReason;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;

/** Close frames and the reasons that they carry. */
final class Closes {
  private Closes() {}

  static CloseReason reason(CloseWebSocketFrame frame) {
    return frame.statusCode() < 0
        ? new CloseReason(CloseReason.NO_STATUS, "")
        : new CloseReason(frame.statusCode(), frame.reasonText());
  }

  static CloseWebSocketFrame frame(CloseReason reason) {
    return reason.code() == CloseReason.NO_STATUS
        ? new CloseWebSocketFrame()
        : new CloseWebSocketFrame(reason.code(), reason.text());
  }
}
