package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
final class PayloadsTest {
  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
  }

  private static String received(boolean textIsControl, WebSocketFrame... frames) {
    var channel = new EmbeddedChannel(new Payloads(textIsControl));
    channel.writeInbound((Object[]) frames);
    var text = new StringBuilder();
    for (ByteBuf read = channel.readInbound(); read != null; read = channel.readInbound()) {
      text.append(read.toString(StandardCharsets.UTF_8)).append('|');
      read.release();
    }
    channel.finishAndReleaseAll();
    return text.toString();
  }

  private static WebSocketFrame binary(boolean last, String text) {
    return new BinaryWebSocketFrame(last, 0, bytes(text));
  }

  private static WebSocketFrame text(boolean last, String text) {
    return new TextWebSocketFrame(last, 0, bytes(text));
  }

  private static WebSocketFrame more(boolean last, String text) {
    return new ContinuationWebSocketFrame(last, 0, bytes(text));
  }

  @Test
  void binaryMessagesAreDataInPiecesToo() {
    assertThat(received(true, binary(true, "a"), binary(false, "b"), more(true, "c")))
        .isEqualTo("a|b|c|");
  }

  @Test
  void textOfAConvergePeerStaysOnItsHop() {
    assertThat(received(true, text(true, "{}"), binary(true, "a"))).isEqualTo("a|");
  }

  @Test
  void textOfAConvergePeerStaysOnItsHopInPiecesToo() {
    assertThat(
            received(
                true,
                text(false, "{"),
                more(false, " "),
                more(true, "}"),
                binary(false, "a"),
                more(true, "b")))
        .isEqualTo("a|b|");
  }

  @Test
  void textOfAPlainPeerIsData() {
    assertThat(received(false, text(false, "ls"), more(true, "\n"), binary(true, "a")))
        .isEqualTo("ls|\n|a|");
  }

  @Test
  void emptyMessagesAreNothing() {
    assertThat(received(false, binary(true, ""), text(true, ""), binary(true, "a")))
        .isEqualTo("a|");
  }

  @Test
  void bytesLeaveAsBinaryMessages() {
    var channel = new EmbeddedChannel(new Payloads(false));
    channel.writeOutbound(bytes("a"));
    BinaryWebSocketFrame frame = channel.readOutbound();
    assertThat(frame.isFinalFragment()).isTrue();
    assertThat(frame.content().toString(StandardCharsets.UTF_8)).isEqualTo("a");
    frame.release();
  }

  @Test
  void nothingFollowsACloseFrame() {
    var channel = new EmbeddedChannel(new Payloads(false));
    channel.writeOutbound(new CloseWebSocketFrame(1000, "bye"), bytes("late"));
    ReferenceCountUtil.release(channel.readOutbound());
    assertThat(channel.outboundMessages()).isEmpty();
  }
}
