package dev.converge.tunnel;

/** What a {@link ResumableStream} has made of the bytes of its path. */
public sealed interface StreamEvent {
  /** The agent has the stream: from now on it takes bytes to send. */
  record Opened() implements StreamEvent {}

  /** The agent goes on with the stream on a new path. */
  record Resumed() implements StreamEvent {}

  /** Bytes of the peer, where they lie: as long as those that were passed to the stream. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Data(byte[] bytes, int offset, int length) implements StreamEvent {}

  /** The peer has said everything, and why it ends. What is said to it still arrives there. */
  record Ended(CloseReason reason) implements StreamEvent {}

  /**
   * The agent does not speak this version. The path carries plain bytes now, both ways, of which
   * these are the first; the stream has ended and has taken nothing.
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Plain(byte[] bytes, int offset, int length) implements StreamEvent {}
}
