package dev.converge.agent;

import dev.converge.tunnel.CloseReason;
import dev.converge.tunnel.ResumableStream;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What an SSH session wants to send and its stream has no room for yet. How much that can be is
 * bounded by those who send: they wait until it is taken.
 */
final class Unsent {
  private final Queue<Piece> pieces = new ArrayDeque<>();
  private @Nullable CloseReason end;

  void add(Piece piece) {
    pieces.add(piece);
  }

  /** Behind all that, the session ends. */
  void end(CloseReason reason) {
    end = reason;
  }

  /**
   * Lets the stream take what it has room for, and the end when nothing is left.
   *
   * @return how many bytes
   */
  int giveTo(ResumableStream stream) {
    int taken = 0;
    for (Piece piece = pieces.peek(); piece != null; piece = pieces.peek()) {
      int count = stream.write(piece.bytes, piece.offset, piece.length);
      piece.offset += count;
      piece.length -= count;
      taken += count;
      if (piece.length > 0) {
        return taken;
      }
      pieces.remove();
      piece.done.accept(null);
    }
    if (end != null) {
      stream.end(end);
    }
    return taken;
  }

  /** It will never be sent. */
  void drop() {
    for (Piece piece = pieces.poll(); piece != null; piece = pieces.poll()) {
      piece.done.accept(new ClosedChannelException());
    }
  }
}
