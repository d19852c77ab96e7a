package dev.converge.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The relay: each end is a client of it, the right one as an agent. */
final class RelayRoute extends Route {
  private final InetSocketAddress address;
  private final @Nullable Certificate certificate;

  RelayRoute(Program relay, int port, @Nullable Certificate certificate) {
    super(Row.OURS, relay);
    address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.certificate = certificate;
  }

  @Override
  Pair open(int lane) throws IOException {
    int id = nextId();
    End agent = connect("/agent/" + id);
    return new Pair(connect("/client/" + id), agent);
  }

  private End connect(String path) throws IOException {
    End end = new End(wire(), new FrameCounter());
    Handshake.ask(end, path, "converge.v1");
    Handshake.expectAnswer(end);
    return end;
  }

  private Wire wire() throws IOException {
    var channel = Wire.connect(address);
    return certificate == null ? new PlainWire(channel) : certificate.wrap(channel, true);
  }
}
