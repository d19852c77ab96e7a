package dev.converge.relay;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;

/** Ends a connection whose peer takes nothing of its answer any more. */
final class StalledAnswer extends ChannelInboundHandlerAdapter {
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event instanceof IdleStateEvent idle
        && idle.state() == IdleState.WRITER_IDLE
        && ctx.channel().unsafe().outboundBuffer() != null
        && !ctx.channel().unsafe().outboundBuffer().isEmpty()) {
      ctx.close();
    }
    super.userEventTriggered(ctx, event);
  }
}
