package dev.converge.tunnel;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;

/** The server's end of one connection, by hand: says exactly the bytes that it is told to. */
public final class Peer implements Closeable {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;

  Peer(Socket socket) throws IOException {
    this.socket = socket;
    in = new DataInputStream(socket.getInputStream());
    out = socket.getOutputStream();
    socket.setSoTimeout(10_000);
  }

  /** Reads the request up to its empty line. */
  public String request() throws IOException {
    StringBuilder request = new StringBuilder();
    while (request.indexOf("\r\n\r\n") < 0) {
      request.append((char) in.readUnsignedByte());
    }
    return request.toString();
  }

  /** Accepts the upgrade, with {@code behind} in the same write as the answer. */
  public Peer upgrade(byte... behind) throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    answer.writeBytes(ascii(answer(request(), "")));
    answer.writeBytes(behind);
    return raw(answer.toByteArray());
  }

  /** Accepts the upgrade, and the subprotocol. */
  public Peer upgradeTo(String subprotocol) throws IOException {
    return raw(ascii(answer(request(), "Sec-WebSocket-Protocol: " + subprotocol + "\r\n")));
  }

  /** The answer that accepts {@code request}. */
  static String answer(String request, String moreFields) {
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + ("Sec-WebSocket-Accept: " + accept(request) + "\r\n" + moreFields + "\r\n");
  }

  private static String accept(String request) {
    String key = request.replaceAll("(?s).*Sec-WebSocket-Key: (\\S+)\r\n.*", "$1");
    try {
      byte[] hash = MessageDigest.getInstance("SHA-1").digest(ascii(key + GUID));
      return Base64.getEncoder().encodeToString(hash);
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  public Peer raw(byte... bytes) throws IOException {
    out.write(bytes);
    return this;
  }

  public Peer send(int firstByte, byte[] payload) throws IOException {
    return raw(frame(firstByte, payload));
  }

  public Peer binary(byte[] payload) throws IOException {
    return send(0x80 | Frame.BINARY, payload);
  }

  public Peer closeFrame(int code, String text) throws IOException {
    return send(0x80 | Frame.CLOSE, new CloseReason(code, text).payload());
  }

  /** A frame as servers send them: not masked. */
  static byte[] frame(int firstByte, byte[] payload) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(firstByte);
    if (payload.length < 126) {
      frame.write(payload.length);
    } else if (payload.length < 1 << 16) {
      frame.write(126);
      frame.write(payload.length >> 8);
      frame.write(payload.length);
    } else {
      frame.writeBytes(new byte[] {127, 0, 0, 0, 0, 0});
      frame.write(payload.length >> 16);
      frame.write(payload.length >> 8);
      frame.write(payload.length);
    }
    frame.writeBytes(payload);
    return frame.toByteArray();
  }

  /** Reads a client's frame: whole, masked, with a minimal length. */
  public Received receive() throws IOException {
    int first = in.readUnsignedByte();
    int second = in.readUnsignedByte();
    long length = second & 0x7f;
    length = length == 126 ? in.readUnsignedShort() : length == 127 ? in.readLong() : length;
    if ((first & 0xf0) != 0x80 || (second & 0x80) == 0) {
      throw new IOException("not whole, or not masked: " + first + " " + second);
    }
    byte[] mask = in.readNBytes(4);
    byte[] payload = in.readNBytes((int) length);
    for (int i = 0; i < payload.length; i++) {
      payload[i] ^= mask[i % 4];
    }
    return new Received(first & 0x0f, payload);
  }

  /** Reads binary frames until there are so many bytes. */
  public byte[] receiveBinary(int length) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (bytes.size() < length) {
      Received frame = receive();
      if (frame.opcode != Frame.BINARY) {
        throw new IOException("opcode " + frame.opcode + " after " + bytes.size() + " bytes");
      }
      bytes.writeBytes(frame.payload);
    }
    return bytes.toByteArray();
  }

  /** Reads until the close frame, which it answers not. */
  public CloseReason receiveClose() throws IOException {
    Received frame = receive();
    while (frame.opcode != Frame.CLOSE) {
      frame = receive();
    }
    return CloseReason.parse(frame.payload);
  }

  /** Whether nothing but the end follows. */
  public boolean isAtEnd() throws IOException {
    return in.read() < 0;
  }

  /** A pipe to another server, as proxies make them; until both have ended. */
  void joinTo(String host, int port) throws IOException {
    try (Socket other = new Socket(host, port)) {
      Thread back = new Thread(() -> copy(other, socket));
      back.start();
      copy(socket, other);
      back.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      // Either side may break off.
    }
  }

  /** Breaks the connection off with a reset. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** A frame from the client, unmasked. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Received(int opcode, byte[] payload) {}
}
