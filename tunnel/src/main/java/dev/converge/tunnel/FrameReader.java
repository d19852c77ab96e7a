package dev.converge.tunnel;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a server sends (RFC 6455, section 5), strictly. Binary payload is handed on as it
 * arrives, without waiting for the rest of its frame. Confined to one thread.
 */
final class FrameReader {
  private static final int NO_MESSAGE = -1;
  private static final int MAX_CONTROL = 125;

  private final Inbound in;
  private final ByteArrayOutputStream text = new ByteArrayOutputStream();

  /** TEXT or BINARY between the first frame of a message and its last byte. */
  private int message = NO_MESSAGE;

  private boolean last;
  private long remaining;

  FrameReader(Inbound in) {
    this.in = in;
  }

  /**
   * Waits for the next part of binary payload, or a whole text message or control frame.
   *
   * @throws EOFException if the connection ends
   */
  Frame next() throws IOException {
    while (true) {
      Frame frame = remaining > 0 ? binary() : header();
      if (frame != null) {
        return frame;
      }
    }
  }

  private Frame binary() throws IOException {
    Frame part = in.take(Frame.BINARY, remaining);
    if (part.length() == 0) {
      throw ended();
    }
    advance(part.length());
    return part;
  }

  private void advance(int length) {
    remaining -= length;
    if (remaining == 0 && last) {
      message = NO_MESSAGE;
    }
  }

  private @Nullable Frame header() throws IOException {
    int first = octet();
    if ((first & 0x70) != 0) {
      throw new ProtocolViolation("reserved bits set");
    }
    int opcode = first & 0x0f;
    boolean fin = (first & 0x80) != 0;
    int second = octet();
    if ((second & 0x80) != 0) {
      throw new ProtocolViolation("masked frame from a server");
    }
    return Frame.isControl(opcode) ? control(opcode, fin, second) : data(opcode, fin, second);
  }

  private Frame control(int opcode, boolean fin, int length) throws IOException {
    if (opcode > Frame.PONG) {
      throw new ProtocolViolation("unknown opcode " + opcode);
    }
    if (!fin || length > MAX_CONTROL) {
      throw new ProtocolViolation("control frame that is " + (fin ? "too long" : "fragmented"));
    }
    return new Frame(opcode, exactly(length), 0, length);
  }

  private @Nullable Frame data(int opcode, boolean fin, int second) throws IOException {
    if (opcode > Frame.BINARY) {
      throw new ProtocolViolation("unknown opcode " + opcode);
    }
    if ((opcode == Frame.CONTINUATION) == (message == NO_MESSAGE)) {
      throw new ProtocolViolation("message out of sequence");
    }
    message = opcode == Frame.CONTINUATION ? message : opcode;
    last = fin;
    long length = length(second);
    if (length > Protocol.MAX_FRAME) {
      throw new ProtocolViolation(CloseReason.TOO_BIG, "frame of " + length + " bytes");
    }
    if (message == Frame.TEXT) {
      return text((int) length);
    }
    remaining = length;
    advance(0);
    return null;
  }

  private long length(int second) throws IOException {
    int octets = second == 127 ? 8 : second == 126 ? 2 : 0;
    long length = octets == 0 ? second : 0;
    for (int i = 0; i < octets; i++) {
      length = length << 8 | octet();
    }
    if (length < 0 || (octets == 2 && length < 126) || (octets == 8 && length < 1 << 16)) {
      throw new ProtocolViolation("length that is not minimal");
    }
    return length;
  }

  private @Nullable Frame text(int length) throws IOException {
    if (text.size() + length > Protocol.MAX_FRAME) {
      throw new ProtocolViolation(CloseReason.TOO_BIG, "text of more than 1 MiB");
    }
    text.writeBytes(exactly(length));
    if (!last) {
      return null;
    }
    byte[] whole = text.toByteArray();
    text.reset();
    message = NO_MESSAGE;
    try {
      Text.fromUtf8(whole, 0, whole.length);
    } catch (CharacterCodingException e) {
      throw new ProtocolViolation(CloseReason.INVALID_PAYLOAD, "text that is not UTF-8");
    }
    return new Frame(Frame.TEXT, whole, 0, whole.length);
  }

  private byte[] exactly(int length) throws IOException {
    byte[] payload = in.readNBytes(length);
    if (payload.length < length) {
      throw ended();
    }
    return payload;
  }

  private int octet() throws IOException {
    int octet = in.read();
    if (octet < 0) {
      throw ended();
    }
    return octet;
  }

  private static EOFException ended() {
    return new EOFException("the connection ended without a close");
  }
}
