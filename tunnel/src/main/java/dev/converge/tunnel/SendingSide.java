package dev.converge.tunnel;

import org.jspecify.annotations.Nullable;

/**
 * One end's own direction of a resumable stream. Positions count its bytes from the first on, and
 * its end as one more.
 */
final class SendingSide {
  private final ReplayBuffer buffer;
  private @Nullable CloseReason end;
  private long acknowledged;

  /** Where this path has got to. */
  private long sent;

  /** The farthest that any path has got. */
  private long farthest;

  SendingSide(int replay, ReplayBudget budget) {
    buffer = new ReplayBuffer(replay, budget);
  }

  int room() {
    return end == null ? buffer.room() : 0;
  }

  /** Takes as many bytes as there is room for; returns how many. */
  int write(byte[] bytes, int offset, int length) {
    return end == null ? buffer.write(bytes, offset, length) : 0;
  }

  /** None of it will be sent any more. */
  void discard() {
    buffer.discard();
  }

  void end(CloseReason reason) {
    if (end == null) {
      end = reason;
    }
  }

  /** The next frame for this path, as large as may be; null if it has got all. */
  @Nullable Segment next() {
    if (sent < buffer.end()) {
      int length = buffer.contiguous(sent, StreamFrame.MAX_DATA);
      Segment data = StreamFrame.data(buffer.array(), buffer.index(sent), length);
      advance(length);
      return data;
    }
    if (end == null || sent > buffer.end()) {
      return null;
    }
    advance(1);
    return StreamFrame.end(end);
  }

  private void advance(int length) {
    sent += length;
    farthest = Math.max(farthest, sent);
  }

  /** Begins a new path, at what the peer says it has received on the others. */
  void resume(long received) throws ProtocolViolation {
    if (received < acknowledged || received > farthest) {
      throw new ProtocolViolation(
          "resumed at " + received + " (expected: " + acknowledged + " to " + farthest + ")");
    }
    sent = received;
    release(received);
  }

  void acknowledge(long received) throws ProtocolViolation {
    if (received < acknowledged || received > sent) {
      throw new ProtocolViolation(
          "acknowledged " + received + " (expected: " + acknowledged + " to " + sent + ")");
    }
    release(received);
  }

  private void release(long received) {
    acknowledged = received;
    buffer.release(Math.min(received, buffer.end()));
    if (done()) {
      buffer.discard();
    }
  }

  /** How many bytes it holds, in use or not. */
  int memory() {
    return buffer.array().length;
  }

  /** Whether something is on its way of which the peer has not said that it arrived. */
  boolean inFlight() {
    return sent > acknowledged;
  }

  /** Whether the peer has it all, and the end. */
  boolean done() {
    return end != null && acknowledged > buffer.end();
  }
}
