package dev.converge.tunnel;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads the {@link Hello} with which a path begins, in whatever pieces it comes. */
public final class HelloReader {
  private static final int LENGTH_AT = 6;

  private final ByteBuffer bytes = ByteBuffer.allocate(Hello.HEAD + Hello.MAX_BODY);
  private @Nullable Hello hello;

  /**
   * Takes bytes of the path up to the end of the hello.
   *
   * @return how many; what is behind them is not of the hello
   * @throws ProtocolViolation if they are not those of a hello
   */
  public int take(byte[] from, int offset, int length) throws ProtocolViolation {
    int taken = 0;
    while (taken < length && hello == null) {
      bytes.put(from[offset + taken]);
      taken++;
      check();
    }
    return taken;
  }

  private void check() throws ProtocolViolation {
    int filled = bytes.position();
    if (filled <= Integer.BYTES) {
      checkMagic(filled - 1);
    } else if (filled >= Hello.HEAD && filled == Hello.HEAD + bodyLength()) {
      hello = Hello.parse(bytes.slice(0, filled));
    }
  }

  private void checkMagic(int at) throws ProtocolViolation {
    if (bytes.get(at) != (byte) (Hello.MAGIC >> (24 - 8 * at))) {
      throw new ProtocolViolation("no hello of a resumable stream");
    }
  }

  private int bodyLength() throws ProtocolViolation {
    int length = bytes.getShort(LENGTH_AT) & 0xffff;
    if (length > Hello.MAX_BODY) {
      throw new ProtocolViolation("hello of " + length + " bytes");
    }
    return length;
  }

  /** The hello, once it is complete. */
  public @Nullable Hello hello() {
    return hello;
  }
}
