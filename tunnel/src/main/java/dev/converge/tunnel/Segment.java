package dev.converge.tunnel;

/**
 * Bytes for the path: {@code head} and then {@code length} of {@code body}, best sent as one.
 *
 * @param body lies in the replay buffer and stays as it is until the peer has acknowledged it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Segment(byte[] head, byte[] body, int offset, int length) {
  private static final byte[] NOTHING = {};

  static Segment of(byte[] bytes) {
    return new Segment(bytes, NOTHING, 0, 0);
  }

  /** The length of the whole. */
  public int size() {
    return head.length + length;
  }
}
