package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
final class UpgradeBoundaryTest {
  private static final String PAGE = "GET /page HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String UPGRADE =
      "GET /agent/x HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n";

  private final UpgradeBoundary boundary = new UpgradeBoundary(new HttpDecoderConfig());
  private final EmbeddedChannel channel = new EmbeddedChannel(boundary);

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  private void receive(String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
  }

  private List<String> requests() {
    List<String> paths = new ArrayList<>();
    for (Object read = channel.readInbound(); read != null; read = channel.readInbound()) {
      if (read instanceof HttpRequest request) {
        assertThat(request.decoderResult().isSuccess()).isTrue();
        paths.add(request.uri());
      }
      ReferenceCountUtil.release(read);
    }
    return paths;
  }

  /** Puts one in the boundary's place that takes bytes as they come; returns what it got. */
  private String replace() {
    var bytes = new StringBuilder();
    channel
        .pipeline()
        .replace(
            boundary,
            null,
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext ctx, Object message) {
                ByteBuf buffer = (ByteBuf) message;
                bytes.append(buffer.toString(StandardCharsets.US_ASCII));
                buffer.release();
              }
            });
    return bytes.toString();
  }

  @Test
  void bytesBehindTheUpgradeGoToTheReplacingDecoder() {
    receive(UPGRADE + "first");
    assertThat(requests()).containsExactly("/agent/x");
    receive(" second");
    receive(PAGE);
    assertThat(requests()).isEmpty();
    assertThat(replace()).isEqualTo("first second" + PAGE);
  }

  @Test
  void upgradeThatComesByteByByteIsTheSame() {
    for (char octet : (UPGRADE + "rest").toCharArray()) {
      receive(String.valueOf(octet));
    }
    assertThat(requests()).containsExactly("/agent/x");
    assertThat(replace()).isEqualTo("rest");
  }

  @Test
  void requestsThatUpgradeNothingGoOn() {
    receive(PAGE + PAGE);
    assertThat(requests()).containsExactly("/page", "/page");
    receive(PAGE + UPGRADE + PAGE);
    assertThat(requests()).containsExactly("/page", "/agent/x");
  }

  @Test
  void keptBytesAreBoundedByNoLongerReading() {
    receive(UPGRADE);
    receive("x".repeat(64 * 1024));
    assertThat(channel.config().isAutoRead()).isTrue();
    receive("x");
    assertThat(channel.config().isAutoRead()).isFalse();
    assertThat(replace()).hasSize(64 * 1024 + 1);
  }

  @Test
  void keptBytesAreReleasedWithTheConnection() {
    receive(UPGRADE + "lost");
    channel.close();
    assertThat(requests()).containsExactly("/agent/x");
  }
}
