package dev.converge.tunnel;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes what a client sends (RFC 6455, section 5): each frame with one write, its payload copied
 * once, masked on the way. Any thread may write.
 */
final class FrameWriter {
  private static final byte[] NOTHING = {};
  private static final int MAX_PAYLOAD = 1 << 16;
  private static final int PAYLOAD_AT = 16;

  private final OutputStream out;
  private final MaskKeys masks; // guarded by turn, as what follows

  // Fair: else a pong would wait for a gap in a bulk upload.
  private final ReentrantLock turn = new ReentrantLock(true);
  private final byte[] frame = new byte[PAYLOAD_AT + MAX_PAYLOAD];
  private final ByteBuffer words = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
  private boolean closed;

  FrameWriter(OutputStream out, SecureRandom random) {
    this.out = out;
    masks = new MaskKeys(random);
  }

  /**
   * Sends bytes; returns when the socket has taken them.
   *
   * @throws IOException if the connection is gone, or its close frame was sent
   */
  void binary(byte[] bytes, int offset, int length) throws IOException {
    for (int done = 0; done < length; done += MAX_PAYLOAD) {
      int size = Math.min(MAX_PAYLOAD, length - done);
      expectOpen(write(Frame.BINARY, NOTHING, bytes, offset + done, size));
    }
  }

  /** Sends a segment of a resumable stream, as one message; otherwise the same. */
  void binary(Segment segment) throws IOException {
    expectOpen(
        write(Frame.BINARY, segment.head(), segment.body(), segment.offset(), segment.length()));
  }

  private static void expectOpen(boolean written) throws IOException {
    if (!written) {
      throw new IOException("the connection is closed");
    }
  }

  /** Sends a ping or a pong, unless the close frame was sent. */
  void control(int opcode, byte[] payload) throws IOException {
    write(opcode, payload, NOTHING, 0, 0);
  }

  /** Sends the close frame, unless it was sent. */
  void close(CloseReason reason) throws IOException {
    byte[] payload = reason.payload();
    write(Frame.CLOSE, payload, NOTHING, 0, 0);
  }

  private boolean write(int opcode, byte[] head, byte[] body, int offset, int bodyLength)
      throws IOException {
    turn.lock();
    try {
      if (closed) {
        return false;
      }
      closed = opcode == Frame.CLOSE;
      int length = head.length + bodyLength;
      int mask = masks.next();
      int start = header(opcode, length, mask);
      mask(0, head, 0, head.length, mask);
      int turned = Integer.rotateRight(mask, Byte.SIZE * (head.length & 3));
      mask(head.length, body, offset, bodyLength, turned);
      out.write(frame, start, PAYLOAD_AT + length - start);
      return true;
    } finally {
      turn.unlock();
    }
  }

  /** Puts the header right before the payload; returns where it starts. */
  private int header(int opcode, int length, int mask) {
    int extended = length < 126 ? 0 : length < 1 << 16 ? 2 : 8;
    int start = PAYLOAD_AT - 2 - extended - 4;
    frame[start] = (byte) (0x80 | opcode);
    frame[start + 1] = (byte) (0x80 | (extended == 0 ? length : extended == 2 ? 126 : 127));
    for (int i = 0; i < extended; i++) {
      frame[start + 2 + i] = (byte) ((long) length >> (8 * (extended - 1 - i)));
    }
    words.putInt(PAYLOAD_AT - 4, mask);
    return start;
  }

  /** Copies a part of the payload; {@code mask} begins with the octet for the first of it. */
  private void mask(int part, byte[] bytes, int offset, int length, int mask) {
    int to = PAYLOAD_AT + part;
    ByteBuffer source = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long wide = (long) mask << 32 | (mask & 0xffffffffL);
    int done = 0;
    for (; done + Long.BYTES <= length; done += Long.BYTES) {
      words.putLong(to + done, source.getLong(offset + done) ^ wide);
    }
    for (; done < length; done++) {
      frame[to + done] = (byte) (bytes[offset + done] ^ (mask >> (8 * (done & 3))));
    }
  }
}
