package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoLeaks.class)
final class ProxyHeaderTest {
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
  private static final String IPV4 = "c0000201" + "c6336401" + "1267" + "01bb";

  private static final class Begin extends ChannelInboundHandlerAdapter {
    int begins;

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      begins++;
    }
  }

  private final Begin behind = new Begin();
  private final EmbeddedChannel channel =
      new EmbeddedChannel(
          new ChannelInitializer<EmbeddedChannel>() {
            @Override
            protected void initChannel(EmbeddedChannel channel) {
              ProxyHeader.install(channel.pipeline());
              channel.pipeline().addLast(behind);
            }
          });

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  private static byte[] version1(String line) {
    return (line + "\r\n").getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] version2(String hex) {
    return HexFormat.of().parseHex(SIGNATURE + hex);
  }

  private void receive(byte[] header, String data) {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(header);
    bytes.writeBytes(data.getBytes(StandardCharsets.US_ASCII));
    channel.writeInbound(Unpooled.wrappedBuffer(bytes.toByteArray()));
  }

  private String received() {
    var text = new StringBuilder();
    for (ByteBuf in = channel.readInbound(); in != null; in = channel.readInbound()) {
      text.append(in.toString(StandardCharsets.US_ASCII));
      in.release();
    }
    return text.toString();
  }

  private void assertBegun(String address) {
    assertThat(received()).isEqualTo("data right behind");
    assertThat(Addresses.text(channel)).isEqualTo(address);
    assertThat(behind.begins).isEqualTo(1);
    assertThat(channel.pipeline().get(ProxyHeader.class)).isNull();
    assertThat(channel.pipeline().get(HAProxyMessageDecoder.class)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "PROXY TCP4 192.0.2.1 198.51.100.1 4711 443, 192.0.2.1:4711",
    "PROXY TCP6 2001:db8::1 2001:db8::2 4711 443, '[2001:db8::1]:4711'",
    "PROXY TCP6 ::ffff:192.0.2.1 ::1 4711 443, 192.0.2.1:4711",
    "PROXY UNKNOWN, unknown",
    "PROXY UNKNOWN ffff::1 ffff::2 1 2, unknown"
  })
  void version1TellsTheClient(String line, String address) {
    receive(version1(line), "data right behind");
    assertBegun(address);
  }

  @ParameterizedTest
  @CsvSource({
    "21 11 000c " + IPV4 + ", 192.0.2.1:4711",
    "21 11 0010 " + IPV4 + " 04000100, 192.0.2.1:4711",
    "21 21 0024 20010db8000000000000000000000001 20010db8000000000000000000000002 1267 01bb,"
        + " '[2001:db8::1]:4711'",
    "20 00 0000, unknown",
    "20 11 000c " + IPV4 + ", unknown",
    "21 00 0000, unknown",
    "21 12 000c " + IPV4 + ", unknown"
  })
  void version2TellsTheClient(String hex, String address) {
    receive(version2(hex.replace(" ", "")), "data right behind");
    assertBegun(address);
  }

  @Test
  void headerMayComeInPieces() {
    for (byte octet : version1("PROXY TCP4 192.0.2.1 198.51.100.1 4711 443")) {
      assertThat(behind.begins).isZero();
      channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {octet}));
    }
    receive(new byte[0], "data right behind");
    assertBegun("192.0.2.1:4711");
  }

  @Test
  void secondHeaderIsData() {
    byte[] header = version1("PROXY TCP4 192.0.2.1 198.51.100.1 4711 443");
    receive(header, "PROXY TCP4 10.0.0.1 198.51.100.1 4711 443\r\n");
    assertThat(received()).startsWith("PROXY TCP4 10.0.0.1");
    assertThat(Addresses.text(channel)).isEqualTo("192.0.2.1:4711");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "PROXY TCP4 192.0.2.1\r\n........",
        "PROXY TCP4 <script> 198.51.100.1 4711 443\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.1 99999 443\r\n",
        "PROXY UNIX /a /b\r\n....",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            + "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
      })
  void anythingElseClosesTheConnection(String bytes) {
    receive(new byte[0], bytes);
    assertThat(channel.isOpen()).isFalse();
    assertThat(received()).isEmpty();
    assertThat(behind.begins).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"31 11 000c " + IPV4, "21 11 0004 c0000201", "21 11 ffff" + IPV4})
  void version2ThatIsWrongClosesTheConnection(String hex) {
    receive(version2(hex.replace(" ", "")), "x".repeat(70_000));
    assertThat(behind.begins).isZero();
    assertThat(channel.isOpen()).isFalse();
  }
}
