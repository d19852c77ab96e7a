package dev.converge.tunnel;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** What a server that need not be a relay answers to the opening handshake. */
final class UpgradeFuzz {
  private static final ConnectOptions OPTIONS =
      new ConnectOptions(
          new ProxySettings(Map.of()),
          TlsConfig.DEFAULT,
          Map::of,
          Timeouts.DEFAULT,
          new Resumption(Duration.ZERO, new RecordedNotices()));
  private static final Endpoint ENDPOINT = Endpoint.parse("ws://relay.test/client/x", Role.CLIENT);

  static Stream<byte[]> seeds() {
    return Stream.of(
        head(
            "HTTP/1.1 101 Switching Protocols",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "Sec-WebSocket-Protocol: converge.v1"),
        head("HTTP/1.1 404 ", "Content-Type: text/plain; charset=utf-8", "Content-Length: 6", ""),
        head(
            "HTTP/1.1 503 Busy", "Content-Type: text/plain", "Transfer-Encoding: chunked", "", "4"),
        head(
            "HTTP/1.1 401 No",
            "Content-Type: text/plain",
            "Content-Length: -1",
            "",
            "\u0007\u0085"),
        head("HTTP/1.0 302 \u001b[2J", "Location: https://\u001b[2J"),
        head("HTTP/1.1 103 Early Hints", "Link: a", "Link: b", "", "HTTP/1.1 200 OK"),
        head("HTTP/1.1 400 \u009b31m", ": x", " folded"),
        head("SSH-2.0-OpenSSH_9.6"),
        head("\n"));
  }

  private static byte[] head(String... lines) {
    return (String.join("\r\n", lines) + "\r\n\r\n").getBytes(ISO_8859_1);
  }

  @MethodSource("seeds")
  @FuzzTest
  void answerIsARefusalOfOnePrintableLine(byte @NotNull [] answer) {
    headEndsAtItsEmptyLine(answer);
    try {
      Upgrade.on(new Server(answer), ENDPOINT, OPTIONS);
      fail("nobody can know the answer to a random nonce");
    } catch (IOException e) {
      assertThat(e.getMessage()).matches("[^\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+");
      assertThat(e.getMessage()).hasSizeLessThan(700);
    }
  }

  private static void headEndsAtItsEmptyLine(byte[] answer) {
    var in = new ByteArrayInputStream(answer);
    try {
      HttpHead head = HttpHead.read(in);
      int end = answer.length - in.available();
      assertThat(new String(answer, 0, end, ISO_8859_1)).matches("(?s).*\n\r?\n");
      assertThat(head.status()).matches(status -> status == 101 || (status >= 200 && status < 600));
    } catch (IOException e) {
      // Not HTTP.
    }
  }

  private static final class Server extends Socket {
    private final byte[] answer;

    Server(byte[] answer) {
      this.answer = answer;
    }

    @Override
    public InputStream getInputStream() {
      return new ByteArrayInputStream(answer);
    }

    @Override
    public OutputStream getOutputStream() {
      return OutputStream.nullOutputStream();
    }
  }
}
