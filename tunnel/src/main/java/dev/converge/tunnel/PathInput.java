package dev.converge.tunnel;

import org.jspecify.annotations.Nullable;

/** What arrives on one path of a resumable stream, taken apart where it lies. */
final class PathInput {
  private static final byte[] NOTHING = {};

  private final HelloReader hellos = new HelloReader();
  private final StreamFrameReader frames = new StreamFrameReader();
  private byte[] bytes = NOTHING;
  private int offset;
  private int rest;
  private long arrived;

  /** Takes the next bytes; those before must have been dealt with. */
  void receive(byte[] piece, int from, int length, long now) {
    if (rest > 0) {
      throw new IllegalStateException("receive: " + rest + " bytes are left");
    }
    bytes = piece;
    offset = from;
    rest = length;
    arrived = now;
  }

  boolean isEmpty() {
    return rest == 0;
  }

  void drop() {
    rest = 0;
  }

  /** When these bytes arrived. */
  long arrived() {
    return arrived;
  }

  /** The hello, for which it takes bytes; null if it is not complete. */
  @Nullable Hello hello() throws ProtocolViolation {
    skip(hellos.take(bytes, offset, rest));
    return hellos.hello();
  }

  /** All that is left, as it is. */
  StreamEvent.Plain plain() {
    var event = new StreamEvent.Plain(bytes, offset, rest);
    rest = 0;
    return event;
  }

  /** What is here of a data frame; null if what comes next is not data. */
  StreamEvent.@Nullable Data data() {
    int length = Math.min(rest, frames.data());
    if (length == 0) {
      return null;
    }
    var event = new StreamEvent.Data(bytes, offset, length);
    frames.skip(length);
    skip(length);
    return event;
  }

  /** The payload of a frame that is not data, for which it takes bytes; null if not complete. */
  byte @Nullable [] control() throws ProtocolViolation {
    skip(frames.take(bytes, offset, rest));
    return frames.payload();
  }

  /** The type of that frame. */
  int type() {
    return frames.type();
  }

  private void skip(int length) {
    offset += length;
    rest -= length;
  }
}
