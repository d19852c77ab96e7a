package dev.converge.relay;

import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Socket addresses as people write them. */
final class Addresses {
  private Addresses() {}

  /**
   * {@code 192.0.2.1:22} or {@code [2001:db8::1]:22}; {@code unknown} once a connection is gone.
   */
  static String text(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress internet
        ? NetUtil.toSocketAddressString(internet)
        : "unknown";
  }
}
