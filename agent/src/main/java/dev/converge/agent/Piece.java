package dev.converge.agent;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Bytes on their way to the client, and who is told once they are out. */
final class Piece {
  final byte[] bytes;
  final Consumer<@Nullable Throwable> done;
  int offset;
  int length;

  Piece(byte[] bytes, int offset, int length, Consumer<@Nullable Throwable> done) {
    this.bytes = bytes;
    this.offset = offset;
    this.length = length;
    this.done = done;
  }
}
