package dev.converge.tunnel;

import java.io.ByteArrayOutputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Why a WebSocket ends (RFC 6455, section 7.4).
 *
 * @param code the status code; {@link #NO_STATUS} and {@link #ABNORMAL} never go over the wire
 * @param text for people; cut to the 123 bytes of UTF-8 that a close frame has room for
 */
public record CloseReason(int code, String text) {
  /** Everything was said. */
  public static final int NORMAL = 1000;

  /** The program or its host is going away. */
  public static final int GOING_AWAY = 1001;

  /** The peer broke the protocol. */
  public static final int PROTOCOL_ERROR = 1002;

  /** A close frame came without a code. */
  public static final int NO_STATUS = 1005;

  /** The connection broke without a close frame. */
  public static final int ABNORMAL = 1006;

  /** Text that is not UTF-8. */
  public static final int INVALID_PAYLOAD = 1007;

  /** Who closes does not allow it: what the peer shows itself to be, or goes on doing. */
  public static final int POLICY_VIOLATION = 1008;

  /** A frame was larger than the receiver takes. */
  public static final int TOO_BIG = 1009;

  /** The receiver failed. */
  public static final int INTERNAL_ERROR = 1011;

  private static final int MAX_TEXT_BYTES = 123;

  public CloseReason {
    text = Text.truncateUtf8(text, MAX_TEXT_BYTES);
  }

  /** The end of a stream of which everything was said. */
  public static CloseReason normal(String text) {
    return new CloseReason(NORMAL, text);
  }

  /** The connection broke without a word of the peer. */
  static CloseReason lost(String text) {
    return new CloseReason(ABNORMAL, text);
  }

  /** Reads the payload of a close frame. */
  static CloseReason parse(byte[] payload) throws ProtocolViolation {
    if (payload.length == 0) {
      return new CloseReason(NO_STATUS, "");
    }
    if (payload.length == 1) {
      throw new ProtocolViolation("close frame of one byte");
    }
    int code = (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
    if (!mayBeSent(code)) {
      throw new ProtocolViolation("close code " + code);
    }
    try {
      return new CloseReason(code, Text.fromUtf8(payload, 2, payload.length - 2));
    } catch (CharacterCodingException e) {
      throw new ProtocolViolation(INVALID_PAYLOAD, "close reason that is not UTF-8");
    }
  }

  private static boolean mayBeSent(int code) {
    boolean assigned = code >= 1000 && code <= 1014 && (code < 1004 || code > 1006);
    return assigned || (code >= 3000 && code <= 4999);
  }

  /** The payload of a close frame. */
  byte[] payload() {
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    if (mayBeSent(code)) {
      payload.write(code >> 8);
      payload.write(code);
      payload.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
    return payload.toByteArray();
  }

  /** Whether a stream that ended so was carried to its end. */
  public boolean isNormal() {
    return code == NORMAL || code == NO_STATUS;
  }

  @Override
  public String toString() {
    return text.isEmpty() ? Integer.toString(code) : code + " " + Text.printable(text);
  }
}
