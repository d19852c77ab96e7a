package dev.converge.relay;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;

/** What stands behind the frame codec of a connection once HTTP is over. */
final class WebSocketPipeline {
  private WebSocketPipeline() {}

  /**
   * Puts the handlers of a WebSocket in the place of those of HTTP.
   *
   * @param last what takes payloads and close frames; it stands at the end
   */
  static void install(ChannelHandlerContext ctx, ChannelHandler last, RelayLimits limits) {
    ChannelPipeline pipeline = ctx.pipeline();
    pipeline.remove(RequestDeadline.class);
    pipeline.remove(LastAnswer.class);
    pipeline.remove(Gate.class);
    pipeline.remove(Router.class);
    pipeline.addLast(Violations.END_CONNECTION);
    pipeline.addLast(new Heartbeat(limits.ping()));
    pipeline.addLast(last);
  }
}
