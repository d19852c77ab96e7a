package dev.converge.relay;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;

/** Where connections come from: what a trusted proxy in front said, or the socket's own peer. */
final class Addresses {
  private static final AttributeKey<InetSocketAddress> TOLD =
      AttributeKey.valueOf(Addresses.class, "told");
  private static final InetSocketAddress UNKNOWN = new InetSocketAddress(0);

  private Addresses() {}

  /** Believes what a proxy said; port 0 if it did not say that. */
  static void set(Channel channel, InetSocketAddress address) {
    channel.attr(TOLD).set(address);
  }

  /** The wildcard address if it is not known. */
  static InetSocketAddress of(Channel channel) {
    InetSocketAddress told = channel.hasAttr(TOLD) ? channel.attr(TOLD).get() : null;
    if (told != null) {
      return told;
    }
    return channel.remoteAddress() instanceof InetSocketAddress internet ? internet : UNKNOWN;
  }

  /** {@code 192.0.2.1:22} or {@code [2001:db8::1]:22}, without the port if that is not known. */
  static String text(Channel channel) {
    InetSocketAddress address = of(channel);
    if (address.equals(UNKNOWN)) {
      return "unknown";
    }
    return address.getPort() == 0
        ? NetUtil.toAddressString(address.getAddress())
        : NetUtil.toSocketAddressString(address);
  }
}
