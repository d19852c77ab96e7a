package dev.converge.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Requests for a WebSocket on plain sockets of this machine. */
final class RawUpgrade {
  private static final int LIMIT_MILLIS = 10_000;

  private RawUpgrade() {}

  static String request(String path) {
    return "GET "
        + path
        + " HTTP/1.1\r\nHost: relay.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  }

  static Socket send(int port, String request) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(LIMIT_MILLIS);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  static String statusLine(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    StringBuilder line = new StringBuilder();
    for (int octet = in.read(); octet >= 0 && octet != '\r'; octet = in.read()) {
      line.append((char) octet);
    }
    return line.toString();
  }
}
