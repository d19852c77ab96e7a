package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;

final class NetworkTest {
  private static Network of(String address) {
    return Network.of(NetUtil.createInetAddressFromIpAddressString(address));
  }

  @Test
  void everyIpv4AddressIsOne() {
    assertThat(of("192.0.2.1")).isEqualTo(of("192.0.2.1")).isNotEqualTo(of("192.0.2.2"));
    assertThat(of("255.255.255.255")).isNotEqualTo(of("127.255.255.255"));
  }

  @Test
  void ipv6AddressesOfOne64AreOne() {
    assertThat(of("2001:db8:0:1::1"))
        .isEqualTo(of("2001:db8:0:1:ffff:ffff:ffff:ffff"))
        .isNotEqualTo(of("2001:db8:0:2::1"));
    assertThat(of("::1")).as("of another family").isNotEqualTo(of("0.0.0.0"));
  }

  @Test
  void ipv4InItsIpv6FormIsIpv4() throws Exception {
    byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, (byte) 192, 0, 2, 1};
    InetAddress asIpv6 = Inet6Address.getByAddress(null, mapped, -1);
    assertThat(asIpv6).isInstanceOf(Inet6Address.class);
    assertThat(Network.of(asIpv6)).isEqualTo(of("192.0.2.1"));
    assertThat(of("::ffff:192.0.2.1")).isEqualTo(of("192.0.2.1"));
  }
}
