package dev.converge.bench;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** One end of a pair: sends frames that were made before, and counts what arrives. */
final class End implements Closeable {
  private static final int HEAD_LIMIT = 4096;
  private static final String END_OF_HEAD = "\r\n\r\n";

  private final Wire wire;
  private final Counter counter;

  End(Wire wire, Counter counter) {
    this.wire = wire;
    this.counter = counter;
  }

  Wire wire() {
    return wire;
  }

  /** Sends the whole buffer, which can be sent again. */
  void send(ByteBuffer frame) throws IOException {
    frame.rewind();
    wire.write(frame);
  }

  long received() {
    return counter.payload();
  }

  /** Reads until so many bytes of payload have arrived since the beginning. */
  void receiveUntil(long payload, ByteBuffer scratch) throws IOException {
    while (counter.payload() < payload) {
      if (wire.read(scratch) < 0) {
        throw new EOFException("a connection ended that was to be measured");
      }
      counter.add(scratch);
    }
  }

  void say(String head) throws IOException {
    ByteBuffer bytes = wire.buffer(HEAD_LIMIT);
    wire.write(bytes.put(head.getBytes(StandardCharsets.US_ASCII)).flip());
  }

  /** Reads the head of a request or an answer; what came behind it counts. */
  String hear() throws IOException {
    ByteBuffer scratch = wire.buffer(HEAD_LIMIT);
    StringBuilder head = new StringBuilder();
    while (head.indexOf(END_OF_HEAD) < 0) {
      if (wire.read(scratch) < 0) {
        throw new EOFException("a connection ended in a handshake: " + head);
      }
      head.append(StandardCharsets.ISO_8859_1.decode(scratch));
    }
    int end = head.indexOf(END_OF_HEAD) + END_OF_HEAD.length();
    counter.add(ByteBuffer.wrap(head.substring(end).getBytes(StandardCharsets.ISO_8859_1)));
    return head.substring(0, end);
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }
}
