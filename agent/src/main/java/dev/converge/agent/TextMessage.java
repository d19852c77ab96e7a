package dev.converge.agent;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Puts the frames of control messages together. */
final class TextMessage {
  static final int MAX_BYTES = 64 << 10;

  private final ByteArrayOutputStream text = new ByteArrayOutputStream();
  private boolean tooLong;

  /** Takes the next frame, which stays the caller's; the message if it is complete now. */
  @Nullable ControlMessage add(WebSocketFrame frame) {
    if (text.size() == 0 || !tooLong) {
      text.writeBytes(ByteBufUtil.getBytes(frame.content()));
      tooLong = text.size() > MAX_BYTES;
    }
    if (!frame.isFinalFragment()) {
      return null;
    }
    ControlMessage message =
        ControlMessage.parse(tooLong ? "" : text.toString(StandardCharsets.UTF_8));
    text.reset();
    return message;
  }

  /** Whether the message of the last frame is longer than any that we know. */
  boolean isTooLong() {
    return tooLong;
  }
}
