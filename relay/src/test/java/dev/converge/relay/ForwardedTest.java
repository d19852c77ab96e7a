package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ForwardedTest {
  private final HttpHeaders headers =
      DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();

  private void assertClient(String expected) {
    InetSocketAddress client = Forwarded.client(headers);
    assertThat(client).isNotNull();
    assertThat(NetUtil.toSocketAddressString(client)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "192.0.2.1 | 192.0.2.1:0",
        "192.0.2.1:4711 | 192.0.2.1:4711",
        "2001:db8::1 | [2001:db8::1]:0",
        "[2001:db8::1] | [2001:db8::1]:0",
        "[2001:db8::1]:4711 | [2001:db8::1]:4711",
        "::ffff:192.0.2.1 | 192.0.2.1:0",
        "10.0.0.1, 192.0.2.1 | 192.0.2.1:0",
        "<script>, , 192.0.2.1 | 192.0.2.1:0",
        "10.0.0.1,192.0.2.1 | 192.0.2.1:0"
      })
  void lastEntryOfTheListCounts(String value, String client) {
    headers.set("X-Forwarded-For", value);
    assertClient(client);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "for=192.0.2.1 | 192.0.2.1:0",
        "For=\"192.0.2.1:4711\";proto=https;by=10.0.0.1 | 192.0.2.1:4711",
        "proto=http; for=\"[2001:db8::1]:4711\" | [2001:db8::1]:4711",
        "for=10.0.0.1, for=192.0.2.1 | 192.0.2.1:0",
        "for=\"10.0.0.1, for=192.0.2.1 | 192.0.2.1:0",
        "for=\"10.0.0.1;, proto=http;for=192.0.2.1;host=x | 192.0.2.1:0"
      })
  void lastElementOfTheStandardHeaderCounts(String value, String client) {
    headers.set("Forwarded", value);
    assertClient(client);
  }

  @Test
  void lastHeaderCounts() {
    headers.add("X-Forwarded-For", "10.0.0.1").add("X-Forwarded-For", "192.0.2.1");
    assertClient("192.0.2.1:0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"unknown", "_hidden", "10.0.0.1, unknown"})
  void proxyThatDoesNotSayLeavesItOpen(String value) {
    headers.set("X-Forwarded-For", value);
    assertThat(Forwarded.client(headers)).isNull();
  }

  @Test
  void requestWithoutTheHeadersSaysNothing() {
    assertThat(Forwarded.client(headers)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "192.0.2.1,",
        "192.0.2.1, x",
        "localhost",
        "<script>",
        "192.0.2",
        "192.0.2.256",
        "192.0.2.1:",
        "192.0.2.1:65536",
        "192.0.2.1:x",
        "192.0.2.1 10.0.0.1",
        "[192.0.2.1",
        "fe80::1%eth0",
        "1::2::3",
        "\"192.0.2.1\""
      })
  void lastEntryThatIsNoAddressIsRefused(String value) {
    headers.set("X-Forwarded-For", "10.0.0.1, " + value);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Forwarded.client(headers))
        .withMessage("the last entry of X-Forwarded-For is not an IP address");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "proto=http", "for=", "for=\"", "for=1.2.3.4;for=1.2.3.5", "for=x;by=1.2.3.4"})
  void elementWithoutOneAddressIsRefused(String value) {
    headers.set("Forwarded", value);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Forwarded.client(headers))
        .withMessage("the last entry of Forwarded is not an IP address");
  }

  @Test
  void headerThatTheProxyDoesNotSetCannotContradictIt() {
    headers.set("X-Forwarded-For", "192.0.2.1").set("Forwarded", "for=192.0.2.1:99");
    assertClient("192.0.2.1:0");
    headers.set("Forwarded", "for=10.0.0.1");
    assertThatIllegalArgumentException().isThrownBy(() -> Forwarded.client(headers));
  }
}
