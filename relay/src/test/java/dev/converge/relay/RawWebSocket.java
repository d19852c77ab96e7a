package dev.converge.relay;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A WebSocket that neither answers nor closes unless its test does. */
final class RawWebSocket implements AutoCloseable {
  final RawHttp http;

  /** The subprotocol that the relay chose, or null. */
  final String subprotocol;

  private final DataInputStream in;

  /** What has come of binary messages and was not asked for yet. */
  private byte[] rest = {};

  /** On a connection that asked for the upgrade; reads the answer to that. */
  RawWebSocket(RawHttp http) throws IOException {
    this.http = http;
    RawHttp.Response response = http.response();
    if (response.status() != 101) {
      http.close();
      throw new IOException(response.status() + " " + response.body());
    }
    subprotocol = response.header("Sec-WebSocket-Protocol");
    in = new DataInputStream(http.in);
  }

  static RawWebSocket open(InetSocketAddress relay, String target, String... headers)
      throws IOException {
    return open(new Socket(), relay, target, headers);
  }

  static RawWebSocket open(RelayFixture relay, String target, String... headers)
      throws IOException {
    return open(new Socket(), relay, target, headers);
  }

  static RawWebSocket open(Socket socket, RelayFixture relay, String target, String... headers)
      throws IOException {
    return new RawWebSocket(new RawHttp(relay, socket).send(RawHttp.upgrade(target, headers)));
  }

  static RawWebSocket open(Socket socket, InetSocketAddress relay, String target, String... headers)
      throws IOException {
    return new RawWebSocket(new RawHttp(relay, socket).send(RawHttp.upgrade(target, headers)));
  }

  /** A frame of the relay; those are never masked. */
  static final class Frame {
    private final int firstByte;
    private final byte[] payload;

    Frame(int firstByte, byte[] payload) {
      this.firstByte = firstByte;
      this.payload = payload;
    }

    byte[] payload() {
      return payload;
    }

    int opcode() {
      return firstByte & 0x0f;
    }

    String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    int closeCode() {
      if (opcode() != Frames.CLOSE) {
        throw new AssertionError("not a close frame: opcode " + opcode());
      }
      return payload.length == 0 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xffff;
    }

    String closeReason() {
      int code = Math.min(2, payload.length);
      return new String(payload, code, payload.length - code, StandardCharsets.UTF_8);
    }
  }

  RawWebSocket send(byte[] bytes) throws IOException {
    http.send(bytes);
    return this;
  }

  RawWebSocket binary(String payload) throws IOException {
    return send(Frames.frame(Frames.FIN | Frames.BINARY, payload));
  }

  Frame read() throws IOException {
    int first = in.readUnsignedByte();
    long length = in.readUnsignedByte();
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = in.readLong();
    }
    byte[] payload = new byte[(int) length];
    in.readFully(payload);
    return new Frame(first, payload);
  }

  /** The next {@code count} bytes of binary messages, wherever those end. */
  byte[] readBytes(int count) throws IOException {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(rest);
    while (bytes.size() < count) {
      Frame frame = read();
      if (frame.opcode() == Frames.PING) {
        continue;
      }
      if (frame.opcode() != Frames.BINARY) {
        throw new IOException(
            "opcode " + frame.opcode() + " after " + bytes.size() + " bytes: " + frame.text());
      }
      bytes.writeBytes(frame.payload());
    }
    byte[] read = bytes.toByteArray();
    rest = Arrays.copyOfRange(read, count, read.length);
    return Arrays.copyOf(read, count);
  }

  String readText(int count) throws IOException {
    return new String(readBytes(count), StandardCharsets.UTF_8);
  }

  /** Reads on until the close frame. */
  Frame readToClose() throws IOException {
    Frame frame = read();
    while (frame.opcode() != Frames.CLOSE) {
      frame = read();
    }
    return frame;
  }

  /** Ends the connection, the WebSocket's close notwithstanding. */
  void hangUp() throws IOException {
    http.close();
  }

  @Override
  public void close() throws IOException {
    http.close();
  }
}
