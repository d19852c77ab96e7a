package dev.converge.relay;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A connection to the relay on which a test says what it likes. */
final class RawHttp implements AutoCloseable {
  final Socket socket;
  final InputStream in;
  final OutputStream out;

  RawHttp(InetSocketAddress relay) throws IOException {
    this(relay, new Socket());
  }

  /** With a socket that has its options set and is not connected yet. */
  RawHttp(InetSocketAddress relay, Socket socket) throws IOException {
    this(relay, socket, Security.NONE);
  }

  RawHttp(RelayFixture relay) throws IOException {
    this(relay, new Socket());
  }

  RawHttp(RelayFixture relay, Socket socket) throws IOException {
    this(relay.address(), socket, relay.security());
  }

  private RawHttp(InetSocketAddress relay, Socket socket, Security security) throws IOException {
    this.socket = socket;
    socket.connect(relay, 5000);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) RelayFixture.PATIENCE.toMillis());
    Socket top = security.over(socket);
    in = new BufferedInputStream(top.getInputStream());
    out = top.getOutputStream();
  }

  /**
   * An answer of the relay.
   *
   * @param headers by their lower-case names
   */
  record Response(int status, Map<String, String> headers, String body) {
    String header(String name) {
      return headers.get(name.toLowerCase(Locale.ROOT));
    }
  }

  RawHttp send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
    return this;
  }

  RawHttp send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** A whole request without a body. */
  RawHttp request(String method, String target, String... headers) throws IOException {
    return send(head(method, target, headers));
  }

  static String head(String method, String target, String... headers) {
    var head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: relay.test\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    return head.append("\r\n").toString();
  }

  /** The request that asks for a WebSocket, as RFC 6455 wants it. */
  static String upgrade(String target, String... headers) {
    String[] all = new String[headers.length + 4];
    all[0] = "Connection: Upgrade";
    all[1] = "Upgrade: websocket";
    all[2] = "Sec-WebSocket-Version: 13";
    all[3] = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    System.arraycopy(headers, 0, all, 4, headers.length);
    return head("GET", target, all);
  }

  Response response() throws IOException {
    return response(true);
  }

  /** The next answer, for a request whose answer has a body or, as for HEAD, has not. */
  Response response(boolean hasBody) throws IOException {
    String statusLine = line();
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    int status = Integer.parseInt(statusLine.split(" ", 3)[1]);
    boolean empty = !hasBody || status == 101 || status == 304;
    int length = empty ? 0 : Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return new Response(status, headers, new String(in.readNBytes(length), StandardCharsets.UTF_8));
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int octet = in.read(); octet != '\n'; octet = in.read()) {
      if (octet < 0) {
        throw new EOFException("the relay hung up after: " + line);
      }
      line.write(octet);
    }
    return line.toString(StandardCharsets.ISO_8859_1).strip();
  }

  /** Whether the relay has ended the connection behind all that was read. */
  boolean isAtEnd() throws IOException {
    return in.read() < 0;
  }

  /** Ends the connection with a reset. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
