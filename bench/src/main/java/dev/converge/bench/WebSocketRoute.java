package dev.converge.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.List;

/** A program that takes WebSockets and connects each to a port of ours. */
final class WebSocketRoute extends Route implements AutoCloseable {
  private final InetSocketAddress front;
  private final List<ServerSocketChannel> lanes;
  private final boolean webSocketsBehind;

  /**
   * @param lanes where path /N leads to
   * @param webSocketsBehind false if the program passes on bare bytes
   */
  WebSocketRoute(
      String name,
      Program carrier,
      int port,
      List<ServerSocketChannel> lanes,
      boolean webSocketsBehind) {
    super(name, carrier);
    front = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.lanes = lanes;
    this.webSocketsBehind = webSocketsBehind;
  }

  @Override
  Pair open(int lane) throws IOException {
    End left = new End(new PlainWire(Wire.connect(front)), new FrameCounter());
    Handshake.ask(left, "/" + lane, webSocketsBehind ? "converge.v1" : "binary");
    Wire behind = new PlainWire(Wire.accept(lanes.get(lane)));
    End right = new End(behind, webSocketsBehind ? new FrameCounter() : Counter.raw());
    if (webSocketsBehind) {
      Handshake.answer(right);
    }
    Handshake.expectAnswer(left);
    return new Pair(left, right);
  }

  @Override
  public void close() throws IOException {
    for (ServerSocketChannel lane : lanes) {
      lane.close();
    }
  }
}
