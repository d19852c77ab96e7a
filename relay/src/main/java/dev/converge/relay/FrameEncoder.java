package dev.converge.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;

/**
 * Makes one binary message of each buffer, and bytes of control frames and text. Behind a close
 * frame there are no more bytes of data (RFC 6455, section 5.5.1).
 *
 * <p>A buffer is its writer's alone, and with it the room in front of what is readable: a header
 * that fits there goes there, so that a message is one write. A short one is copied behind its
 * header instead: to gather two buffers costs more.
 */
final class FrameEncoder extends ChannelOutboundHandlerAdapter {
  /** The longest header of a frame that is not masked, in bytes. */
  static final int MOST_HEADER = 2 + Long.BYTES;

  private boolean closeSent;

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (message instanceof WebSocketFrame frame) {
      closeSent |= frame instanceof CloseWebSocketFrame;
      write(ctx, opcode(frame), frame.content(), promise);
    } else if (message instanceof ByteBuf bytes && closeSent) {
      bytes.release();
      promise.trySuccess();
    } else {
      write(ctx, FrameHeader.BINARY, (ByteBuf) message, promise);
    }
  }

  private static int opcode(ByteBufHolder frame) {
    if (frame instanceof TextWebSocketFrame) {
      return FrameHeader.TEXT;
    } else if (frame instanceof PingWebSocketFrame) {
      return FrameHeader.PING;
    } else if (frame instanceof PongWebSocketFrame) {
      return FrameHeader.PONG;
    }
    return FrameHeader.CLOSE;
  }

  private static void write(
      ChannelHandlerContext ctx, int opcode, ByteBuf payload, ChannelPromise promise) {
    int length = payload.readableBytes();
    int header = headerBytes(length);
    int room = payload.readerIndex();
    if (room >= header && payload.refCnt() == 1 && !payload.isReadOnly()) {
      int end = payload.writerIndex();
      putHeader(payload.setIndex(room - header, room - header), opcode, length);
      ctx.write(payload.writerIndex(end), promise);
    } else if (length < FrameHeader.TWO_BYTES) {
      ByteBuf frame = ctx.alloc().ioBuffer(header + length);
      putHeader(frame, opcode, length);
      frame.writeBytes(payload);
      payload.release();
      ctx.write(frame, promise);
    } else {
      ByteBuf front = ctx.alloc().ioBuffer(header);
      putHeader(front, opcode, length);
      ctx.write(front, ctx.voidPromise());
      ctx.write(payload, promise);
    }
  }

  private static int headerBytes(int length) {
    if (length < FrameHeader.TWO_BYTES) {
      return 2;
    }
    return 2 + (length < 1 << Short.SIZE ? Short.BYTES : Long.BYTES);
  }

  private static void putHeader(ByteBuf to, int opcode, int length) {
    to.writeByte(FrameHeader.FIN | opcode);
    if (length < FrameHeader.TWO_BYTES) {
      to.writeByte(length);
    } else if (length < 1 << Short.SIZE) {
      to.writeByte(FrameHeader.TWO_BYTES).writeShort(length);
    } else {
      to.writeByte(FrameHeader.EIGHT_BYTES).writeLong(length);
    }
  }
}
