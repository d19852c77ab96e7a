package dev.converge.agent;

import java.io.IOException;
import java.util.function.Consumer;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.jspecify.annotations.Nullable;

/** Puts sftp's requests together from the pieces in which they arrive, and copies each once. */
final class Requests {
  /** More than any request that is served; it is the client who says how much there will be. */
  private static final int LONGEST = 512 * 1024;

  /** What the library wants behind a request, to answer in the same buffer. */
  private static final int SPARE = 64;

  private final Consumer<Buffer> whole;
  private @Nullable Buffer request;
  private int length;
  private int lengthBytes;

  Requests(Consumer<Buffer> whole) {
    this.whole = whole;
  }

  void take(byte[] bytes, int offset, int count) throws IOException {
    int end = offset + count;
    for (int from = offset; from < end; ) {
      Buffer current = request;
      if (current == null) {
        begin(bytes[from++]);
      } else {
        int taken = Math.min(end - from, Integer.BYTES + length - current.available());
        current.putRawBytes(bytes, from, taken);
        from += taken;
        finish(current);
      }
    }
  }

  private void begin(byte next) throws IOException {
    length = (length << Byte.SIZE) | (next & 0xff);
    lengthBytes++;
    if (lengthBytes < Integer.BYTES) {
      return;
    }
    if (length <= 0 || length > LONGEST) {
      throw new IOException("sftp request of " + Integer.toUnsignedString(length) + " bytes");
    }
    request = new ByteArrayBuffer(Integer.BYTES + length + SPARE, false);
    request.putUInt(length);
  }

  private void finish(Buffer current) {
    if (current.available() == Integer.BYTES + length) {
      request = null;
      length = 0;
      lengthBytes = 0;
      whole.accept(current);
    }
  }
}
