package dev.converge.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Makes bytes of the frames that a client sends (RFC 6455, section 5), as they come: what has
 * arrived of a payload goes on before its frame is whole. The payloads of one read go on as one
 * buffer, the very one that was read, unmasked and pushed together where they lie. Control frames
 * go on as such; behind a close frame, or a violation, there is nothing.
 *
 * <p>Text is control for a peer that speaks {@code converge.v1}; it stays on its hop. From any
 * other peer (a terminal program, a browser) text is data like all else.
 */
final class FrameDecoder extends ChannelInboundHandlerAdapter {
  private final FrameHeader header;
  private final boolean textIsControl;
  private int missing;
  private int mask;
  private @Nullable Utf8 text;

  /** What has come of a control frame that is not whole; null if there is none. */
  private @Nullable ByteBuf control;

  private boolean over;

  /** Where in the buffer that is being decoded the payload lies, pushed together. */
  private int start;

  private int end;

  /**
   * @param mostPayload of one frame, in bytes
   */
  FrameDecoder(int mostPayload, boolean textIsControl) {
    this.textIsControl = textIsControl;
    header = new FrameHeader(mostPayload);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof ByteBuf bytes) {
      read(ctx, bytes);
    } else {
      // The end of the request, whose decoder has just been replaced.
      ReferenceCountUtil.release(message);
    }
  }

  private void read(ChannelHandlerContext ctx, ByteBuf bytes) {
    WebSocketFrame close = null;
    CorruptedWebSocketFrameException violation = null;
    start = 0;
    end = 0;
    try {
      while (bytes.isReadable() && !over) {
        close = decode(ctx, bytes);
      }
    } catch (CorruptedWebSocketFrameException e) {
      over = true;
      violation = e;
    }
    if (start < end) {
      ctx.fireChannelRead(bytes.setIndex(start, end));
    } else {
      bytes.release();
    }
    if (close != null) {
      ctx.fireChannelRead(close);
    } else if (violation != null) {
      ctx.fireExceptionCaught(violation);
    }
  }

  /**
   * Goes on to the end of a header, a payload or the bytes; returns a close frame that is whole.
   */
  private @Nullable WebSocketFrame decode(ChannelHandlerContext ctx, ByteBuf bytes) {
    if (missing == 0) {
      if (!header.take(bytes.readUnsignedByte())) {
        return null;
      }
      missing = header.length();
      mask = header.mask();
    }
    if (header.isControl()) {
      return decodeControl(ctx, bytes);
    }
    decodeData(bytes);
    return null;
  }

  private void decodeData(ByteBuf bytes) {
    int from = bytes.readerIndex();
    int length = Math.min(missing, bytes.readableBytes());
    unmask(bytes, from, length);
    bytes.skipBytes(length);
    if (header.isText()) {
      checkText(bytes, from, length);
    }
    if (!(header.isText() && textIsControl)) {
      gather(bytes, from, length);
    }
  }

  private void unmask(ByteBuf bytes, int from, int length) {
    Masking.remove(mask, bytes, from, length);
    mask = Masking.behind(mask, length);
    missing -= length;
  }

  private void checkText(ByteBuf bytes, int from, int length) {
    if (text == null) {
      text = new Utf8();
    }
    boolean fits = bytes.forEachByte(from, length, text) < 0;
    boolean ends = missing == 0 && header.isLast();
    check(fits && (text.isWhole() || !ends));
  }

  private static void check(boolean isUtf8) {
    if (!isUtf8) {
      throw new CorruptedWebSocketFrameException(
          WebSocketCloseStatus.INVALID_PAYLOAD_DATA, "text that is not UTF-8");
    }
  }

  private void gather(ByteBuf bytes, int from, int length) {
    if (start == end) {
      start = from;
      end = from;
    } else if (from != end) {
      bytes.setBytes(end, bytes, from, length);
    }
    end += length;
  }

  private @Nullable WebSocketFrame decodeControl(ChannelHandlerContext ctx, ByteBuf bytes) {
    ByteBuf payload = control;
    if (payload == null) {
      payload = missing == 0 ? Unpooled.EMPTY_BUFFER : ctx.alloc().buffer(missing, missing);
      control = payload;
    }
    int from = payload.writerIndex();
    payload.writeBytes(bytes, Math.min(missing, bytes.readableBytes()));
    unmask(payload, from, payload.writerIndex() - from);
    return missing == 0 ? endControl(ctx, payload) : null;
  }

  private @Nullable WebSocketFrame endControl(ChannelHandlerContext ctx, ByteBuf payload) {
    if (header.opcode() == FrameHeader.CLOSE) {
      over = true;
      checkClose(payload);
      control = null;
      return new CloseWebSocketFrame(true, 0, payload);
    }
    control = null;
    ctx.fireChannelRead(
        header.opcode() == FrameHeader.PING
            ? new PingWebSocketFrame(payload)
            : new PongWebSocketFrame(payload));
    return null;
  }

  private static void checkClose(ByteBuf payload) {
    if (!payload.isReadable()) {
      return;
    }
    int code = payload.getShort(0);
    if (!WebSocketCloseStatus.isValidStatusCode(code)) {
      throw new CorruptedWebSocketFrameException(
          WebSocketCloseStatus.PROTOCOL_ERROR, "close code " + code);
    }
    var reason = new Utf8();
    int length = payload.readableBytes() - Short.BYTES;
    check(payload.forEachByte(Short.BYTES, length, reason) < 0 && reason.isWhole());
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (control != null) {
      control.release();
      control = null;
    }
  }
}
