package dev.converge.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class MachineTest {
  @Test
  void theVersionIsTheFirstNumberWithADot() {
    assertThat(Machine.number("HAProxy version 2.6.12-1 2026/10/17")).isEqualTo("2.6.12-1");
    assertThat(Machine.number("OpenSSH_9.2p1 Debian-2+deb12u3, OpenSSL 3.0.17")).isEqualTo("9.2p1");
    assertThat(Machine.number("nginx version: nginx/1.22.1")).isEqualTo("1.22.1");
    assertThat(Machine.number("protocol 31, version 3.2.7")).isEqualTo("3.2.7");
    assertThat(Machine.number("it does not say")).isEqualTo("of unknown version");
  }
}
