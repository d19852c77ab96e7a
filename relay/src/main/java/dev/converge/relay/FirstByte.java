package dev.converge.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the first byte of a connection, which tells TLS from plain HTTP (RFC 8446, section 5.1):
 * who comes with the wrong one is told so in plain words. With TLS, nothing is said before that
 * byte; its handlers take this one's place then.
 */
final class FirstByte extends ChannelDuplexHandler {
  private static final int HANDSHAKE = 22;

  private final @Nullable ServerTls tls;
  private boolean refused;

  /**
   * @param tls null if this relay speaks none
   */
  FirstByte(@Nullable ServerTls tls) {
    this.tls = tls;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    if (refused) {
      ReferenceCountUtil.release(message);
    } else if (!(message instanceof ByteBuf bytes) || !bytes.isReadable()) {
      super.channelRead(ctx, message);
    } else {
      first(ctx, bytes, bytes.getUnsignedByte(bytes.readerIndex()));
    }
  }

  private void first(ChannelHandlerContext ctx, ByteBuf bytes, int octet) {
    boolean http = octet >= 'A' && octet <= 'Z';
    if (tls == null && octet == HANDSHAKE) {
      refuse(ctx, bytes, "this relay does not speak TLS: use http:// or ws://");
    } else if (tls != null && http) {
      refuse(ctx, bytes, "this port speaks TLS: use https:// or wss://");
    } else {
      ChannelPipeline pipeline = ctx.pipeline();
      if (tls != null) {
        secure(ctx, tls);
      }
      pipeline.remove(this);
      ctx.fireChannelRead(bytes);
    }
  }

  private static void secure(ChannelHandlerContext ctx, ServerTls tls) {
    var encryption = tls.newHandler(ctx.channel());
    ctx.pipeline().addAfter(ctx.name(), null, new LargeWrites());
    ctx.pipeline().addAfter(ctx.name(), null, encryption);
    ctx.pipeline().addAfter(ctx.name(), null, new FailedHandshake(encryption));
  }

  private void refuse(ChannelHandlerContext ctx, ByteBuf bytes, String line) {
    refused = true;
    bytes.release();
    Answer.line(HttpResponseStatus.BAD_REQUEST, line).endConnection().send(ctx.channel());
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise)
      throws Exception {
    if (tls == null || refused) {
      super.write(ctx, message, promise);
    } else {
      ReferenceCountUtil.release(message);
      promise.tryFailure(new ClosedChannelException());
      ctx.close();
    }
  }
}
