package dev.converge.bench;

import java.io.IOException;

/** The opening handshake of RFC 6455, section 4, always with the key of the RFC's example. */
final class Handshake {
  private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
  private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

  private Handshake() {}

  /** Asks for a WebSocket, as agents and clients of Converge do, but for the subprotocol. */
  static void ask(End end, String path, String subprotocol) throws IOException {
    end.say(
        "GET "
            + path
            + " HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
            + KEY
            + "\r\nSec-WebSocket-Protocol: "
            + subprotocol
            + "\r\nConverge-Key: 0123456789abcdef\r\n\r\n");
  }

  static void expectAnswer(End end) throws IOException {
    String head = end.hear();
    if (!head.startsWith("HTTP/1.1 101 ")) {
      throw new IOException("no WebSocket: " + head.lines().findFirst().orElse(""));
    }
  }

  /** Answers a request that somebody else checked. */
  static void answer(End end) throws IOException {
    end.hear();
    end.say(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: "
            + ACCEPT
            + "\r\n\r\n");
  }
}
