package dev.converge.tunnel;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/** As much of DER (ITU-T X.690) as it takes to put one private key's form around another's. */
final class Der {
  static final int INTEGER = 0x02;
  static final int OCTETS = 0x04;
  static final int SEQUENCE = 0x30;

  private Der() {}

  /** An element with this tag and the parts as its content. */
  static byte[] element(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    int length = content.size();
    ByteArrayOutputStream element = new ByteArrayOutputStream();
    element.write(tag);
    if (length >= 0x80) {
      int bytes = (39 - Integer.numberOfLeadingZeros(length)) / 8;
      element.write(0x80 | bytes);
      for (int shift = 8 * (bytes - 1); shift > 0; shift -= 8) {
        element.write(length >>> shift);
      }
    }
    element.write(length);
    element.writeBytes(content.toByteArray());
    return element.toByteArray();
  }

  /**
   * The content of the first element with this tag in a row of them; empty if there is none.
   *
   * @throws IOException if it is not DER
   */
  static byte[] first(int tag, byte[] row) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(row);
    try {
      while (rest.hasRemaining()) {
        int found = rest.get() & 0xff;
        byte[] content = new byte[length(rest)];
        rest.get(content);
        if (found == tag) {
          return content;
        }
      }
    } catch (BufferUnderflowException e) {
      throw new IOException("not DER", e);
    }
    return new byte[0];
  }

  private static int length(ByteBuffer rest) throws IOException {
    int first = rest.get() & 0xff;
    int length = first < 0x80 ? first : 0;
    for (int i = first & 0x7f; first >= 0x80 && i > 0; i--) {
      if (length > 0xffff) {
        throw new IOException("not DER");
      }
      length = (length << 8) | (rest.get() & 0xff);
    }
    if (length > rest.remaining()) {
      throw new IOException("not DER");
    }
    return length;
  }
}
