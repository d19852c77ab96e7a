package dev.converge.tunnel;

import java.io.IOException;
import java.io.InputStream;

/**
 * What a socket has sent and nobody has looked at yet. The answer to the upgrade and the frames are
 * read through the same one, so that frames sent right behind the answer are not lost.
 */
final class Inbound extends InputStream {
  private static final int SIZE = 1 << 16;

  private final InputStream in;
  private final byte[] buffer = new byte[SIZE];
  private int next;
  private int end;

  Inbound(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    return fill() ? buffer[next++] & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    Frame part = take(Frame.BINARY, length);
    System.arraycopy(part.bytes(), part.offset(), target, offset, part.length());
    return part.length() == 0 ? -1 : part.length();
  }

  /** At least one byte and at most {@code limit}, where they lie; none at the end. */
  Frame take(int opcode, long limit) throws IOException {
    int length = fill() ? (int) Math.min(limit, end - next) : 0;
    next += length;
    return new Frame(opcode, buffer, next - length, length);
  }

  private boolean fill() throws IOException {
    if (next == end) {
      next = 0;
      end = Math.max(0, in.read(buffer));
    }
    return next < end;
  }
}
