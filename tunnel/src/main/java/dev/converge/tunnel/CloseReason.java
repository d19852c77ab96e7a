package dev.converge.tunnel;

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

  /** Whether a stream that ended so was carried to its end. */
  public boolean isNormal() {
    return code == NORMAL || code == NO_STATUS;
  }

  @Override
  public String toString() {
    return text.isEmpty() ? Integer.toString(code) : code + " " + Text.printable(text);
  }
}
