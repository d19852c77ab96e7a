package dev.converge.relay;

import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;

/**
 * The head of a frame that a client sends (RFC 6455, section 5.2), taken byte by byte as it comes,
 * and the rules for it: those of a single frame, and which frame may follow which.
 */
final class FrameHeader {
  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  static final int FIN = 0x80;
  static final int TWO_BYTES = 126;
  static final int EIGHT_BYTES = 127;
  static final int MAX_CONTROL = 125;

  private static final int RSV = 0x70;
  private static final int OPCODE = 0x0f;
  private static final int MASKED = 0x80;
  private static final int MASK_BYTES = 4;

  private final int mostPayload;
  private int have;
  private int first;
  private int shortLength;
  private long length;
  private int mask;
  private boolean inMessage;
  private boolean inText;

  /**
   * @param mostPayload of one frame, in bytes
   */
  FrameHeader(int mostPayload) {
    this.mostPayload = mostPayload;
  }

  /**
   * Takes the next byte.
   *
   * @return whether the header is whole; the byte behind it begins the next one
   * @throws CorruptedWebSocketFrameException if no such frame may come; nothing may follow
   */
  boolean take(int octet) {
    int lengthEnd = 2 + lengthBytes();
    if (have == 0) {
      first = octet;
      length = 0;
    } else if (have == 1) {
      second(octet);
      lengthEnd = 2 + lengthBytes();
    } else if (have < lengthEnd) {
      length = (length << Byte.SIZE) | octet;
    } else {
      mask = (mask << Byte.SIZE) | octet;
    }
    have++;
    if (have == lengthEnd) {
      checkLength();
    }
    if (have < 2 || have < lengthEnd + MASK_BYTES) {
      return false;
    }
    begin();
    return true;
  }

  private int lengthBytes() {
    return switch (have == 0 ? 0 : shortLength) {
      case TWO_BYTES -> Short.BYTES;
      case EIGHT_BYTES -> Long.BYTES;
      default -> 0;
    };
  }

  private void second(int octet) {
    shortLength = octet & ~MASKED;
    length = shortLength < TWO_BYTES ? shortLength : 0;
    check((first & RSV) == 0, "an extension that was not agreed upon");
    check((octet & MASKED) != 0, "a frame that is not masked");
    if (isControl()) {
      check((first & FIN) != 0, "a control frame in pieces");
      check(shortLength <= MAX_CONTROL, "a control frame of more than 125 bytes");
      check(opcode() <= PONG, "a control frame with a reserved opcode");
      check(opcode() != CLOSE || shortLength != 1, "a close frame of one byte");
    } else {
      check(opcode() <= BINARY, "a data frame with a reserved opcode");
      check(inMessage || opcode() != CONTINUATION, "a continuation of no message");
      check(!inMessage || opcode() == CONTINUATION, "a message within another");
    }
  }

  private void checkLength() {
    long least = shortLength == EIGHT_BYTES ? 1 << Short.SIZE : TWO_BYTES;
    check(length >= least || shortLength < TWO_BYTES, "a length that is not the shortest form");
    if (length > mostPayload) {
      throw new CorruptedWebSocketFrameException(
          WebSocketCloseStatus.MESSAGE_TOO_BIG, "a frame of more than " + mostPayload + " bytes");
    }
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new CorruptedWebSocketFrameException(WebSocketCloseStatus.PROTOCOL_ERROR, otherwise);
    }
  }

  private void begin() {
    have = 0;
    if (!isControl()) {
      inText = opcode() == TEXT || (inText && opcode() == CONTINUATION);
      inMessage = !isLast();
    }
  }

  int opcode() {
    return first & OPCODE;
  }

  boolean isControl() {
    return opcode() >= CLOSE;
  }

  /** Whether the data frame ends its message. */
  boolean isLast() {
    return (first & FIN) != 0;
  }

  /** Whether the data frame is part of a message of text. */
  boolean isText() {
    return inText;
  }

  /** Of the payload, in bytes. */
  int length() {
    return (int) length;
  }

  /** What the payload is masked with, the first byte of it on top. */
  int mask() {
    return mask;
  }
}
