package dev.converge.relay;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;

/** What stands behind the frame codec of a connection once HTTP is over. */
final class WebSocketPipeline {
  private WebSocketPipeline() {}

  /** Removes the handlers of HTTP but for its codec. */
  static void leaveHttp(ChannelPipeline pipeline) {
    pipeline.remove(RequestDeadline.class);
    pipeline.remove(LastAnswer.class);
    pipeline.remove(Gate.class);
    pipeline.remove(Router.class);
  }

  /**
   * Adds the handlers of a WebSocket.
   *
   * @param last what takes payloads and close frames; it stands at the end
   */
  static void install(ChannelPipeline pipeline, ChannelHandler last, RelayLimits limits) {
    pipeline.addLast(Violations.END_CONNECTION);
    pipeline.addLast(new Heartbeat(limits.ping()));
    pipeline.addLast(last);
  }
}
