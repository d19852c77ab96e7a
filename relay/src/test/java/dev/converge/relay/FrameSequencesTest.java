package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Generated sequences of frames, right and wrong ones, beside Netty's decoder. */
@ExtendWith(NoLeaks.class)
final class FrameSequencesTest {
  private static final int MOST = 1 << 17;
  private static final int SEQUENCES = 1500;
  private static final int NOT_UTF8 = 1007;
  private static final String[] TEXTS = {
    "", "a", "\u00e4\u20ac\ud83d\ude00", "plain text of some length"
  };

  /** What a decoder has made of a sequence. */
  private static final class Outcome extends ChannelInboundHandlerAdapter {
    final ByteArrayOutputStream data = new ByteArrayOutputStream();
    final StringBuilder controls = new StringBuilder();
    int violation;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (violation != 0) {
        assertThat(message).as("Netty's decoder goes on").isInstanceOf(WebSocketFrame.class);
      } else if (message instanceof CloseWebSocketFrame close) {
        controls.append("close ").append(close.statusCode()).append(close.reasonText());
      } else if (message instanceof PingWebSocketFrame || message instanceof PongWebSocketFrame) {
        controls.append(message.getClass().getSimpleName()).append(text((WebSocketFrame) message));
      } else {
        ByteBuf bytes =
            message instanceof WebSocketFrame frame ? frame.content() : (ByteBuf) message;
        byte[] copy = new byte[bytes.readableBytes()];
        bytes.readBytes(copy);
        data.writeBytes(copy);
      }
      ReferenceCountUtil.release(message);
    }

    private static String text(WebSocketFrame frame) {
      return frame.content().toString(StandardCharsets.ISO_8859_1) + ';';
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      Throwable root = cause.getCause() == null ? cause : cause.getCause();
      assertThat(root).isInstanceOf(CorruptedWebSocketFrameException.class);
      if (violation == 0) {
        violation = ((CorruptedWebSocketFrameException) root).closeStatus().code();
      }
    }
  }

  private static Outcome outcome(byte[] bytes, Random split, ChannelHandler... decoder) {
    var outcome = new Outcome();
    var channel = new EmbeddedChannel(decoder);
    channel.pipeline().addLast(outcome);
    for (int from = 0; from < bytes.length; ) {
      int whole = bytes.length - from;
      int length = Math.min(whole, split == null ? whole : 1 + split.nextInt(pieces(split)));
      channel.writeInbound(Buffers.of(Unpooled.wrappedBuffer(bytes, from, length)));
      from += length;
    }
    channel.finishAndReleaseAll();
    return outcome;
  }

  private static int pieces(Random random) {
    return random.nextInt(4) == 0 ? 5000 : 12;
  }

  private static Outcome ofNetty(byte[] bytes) {
    var config =
        WebSocketDecoderConfig.newBuilder()
            .maxFramePayloadLength(MOST)
            .expectMaskedFrames(true)
            .closeOnProtocolViolation(false)
            .withUTF8Validator(false)
            .build();
    return outcome(bytes, null, new WebSocket13FrameDecoder(config), new Utf8FrameValidator(false));
  }

  private static byte[] sequence(Random random) {
    var bytes = new ByteArrayOutputStream();
    boolean inMessage = false;
    for (int frames = 1 + random.nextInt(12); frames > 0; frames--) {
      boolean wrong = random.nextInt(40) == 0;
      boolean control = random.nextInt(4) == 0;
      boolean last = control || random.nextBoolean();
      int opcode = control ? 8 + random.nextInt(3) : inMessage ? 0 : 1 + random.nextInt(2);
      if (control && opcode == Frames.CLOSE && random.nextInt(3) > 0) {
        opcode = Frames.PING;
      }
      int first = wrong ? random.nextInt(256) : (last ? Frames.FIN : 0) | opcode;
      byte[] payload = payload(random, opcode, inMessage);
      boolean masked = random.nextInt(100) > 0;
      bytes.writeBytes(Frames.frame(first, payload, payload.length, masked));
      inMessage = control ? inMessage : !last;
    }
    return bytes.toByteArray();
  }

  private static byte[] payload(Random random, int opcode, boolean inMessage) {
    if (opcode == Frames.CLOSE) {
      return close(random);
    }
    if (opcode == Frames.TEXT || (opcode == Frames.CONTINUATION && inMessage)) {
      byte[] text = TEXTS[random.nextInt(TEXTS.length)].getBytes(StandardCharsets.UTF_8);
      return random.nextInt(30) == 0 ? new byte[] {(byte) random.nextInt()} : text;
    }
    int[] sizes = {0, 1, 7, 125, 126, 1000, 65535, 65536, MOST, MOST + 1};
    int most = opcode > Frames.CLOSE ? 4 : random.nextInt(5) == 0 ? sizes.length : 6;
    byte[] payload = new byte[sizes[random.nextInt(most)]];
    random.nextBytes(payload);
    return payload;
  }

  /** A reason is not UTF-8 from some byte on: Netty overlooks one that is only cut off. */
  private static byte[] close(Random random) {
    byte[] close = new byte[random.nextInt(8)];
    random.nextBytes(close);
    if (close.length > 1 && random.nextBoolean()) {
      close[0] = 3;
      close[1] = (byte) 0xe8;
    }
    for (int i = 2; i < close.length; i++) {
      close[i] = random.nextInt(9) == 0 ? (byte) 0xff : (byte) 'x';
    }
    return close;
  }

  @Test
  void sequencesComeToTheSameAsWithNettysDecoder() {
    for (int seed = 0; seed < SEQUENCES; seed++) {
      byte[] bytes = sequence(new Random(seed));
      Outcome theirs = ofNetty(bytes);
      Outcome ours = outcome(bytes, null, new FrameDecoder(MOST, false));
      assertThat(ours.violation).as("violation of sequence %s", seed).isEqualTo(theirs.violation);
      assertThat(ours.controls.toString())
          .as("sequence %s", seed)
          .isEqualTo(theirs.controls.toString());
      assertThat(ours.data.toByteArray())
          .as("sequence %s", seed)
          .isEqualTo(theirs.data.toByteArray());
    }
  }

  @Test
  void sequencesThatComeInPiecesAreTheSame() {
    for (int seed = 0; seed < SEQUENCES; seed++) {
      byte[] bytes = sequence(new Random(seed));
      Outcome whole = outcome(bytes, null, new FrameDecoder(MOST, false));
      Outcome split = outcome(bytes, new Random(seed), new FrameDecoder(MOST, false));
      assertThat(split.violation).as("violation of sequence %s", seed).isEqualTo(whole.violation);
      assertThat(split.controls.toString())
          .as("sequence %s", seed)
          .isEqualTo(whole.controls.toString());
      byte[] data = split.data.toByteArray();
      if (whole.violation == NOT_UTF8) {
        assertThat(data).as("sequence %s", seed).startsWith(whole.data.toByteArray());
      } else {
        assertThat(data).as("sequence %s", seed).isEqualTo(whole.data.toByteArray());
      }
    }
  }
}
