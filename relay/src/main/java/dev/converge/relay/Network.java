package dev.converge.relay;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * Where a connection comes from, as far as limits go: an IPv4 address, or the /64 of an IPv6 one,
 * all of which one customer has.
 *
 * @param ipv6 whether it is IPv6; IPv4 in its IPv6 form is IPv4
 * @param number the address, or the first 64 bits of it
 */
record Network(boolean ipv6, long number) {
  private static final long MAPPED_IPV4 = 0xffffL;

  static Network of(InetAddress address) {
    ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
    if (bytes.remaining() == Integer.BYTES) {
      return ipv4(bytes.getInt());
    }
    long high = bytes.getLong();
    long low = bytes.getLong();
    return high == 0 && low >>> Integer.SIZE == MAPPED_IPV4
        ? ipv4((int) low)
        : new Network(true, high);
  }

  private static Network ipv4(int address) {
    return new Network(false, Integer.toUnsignedLong(address));
  }
}
