package dev.converge.relay;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** A program as the build packages it: a script, and a jar behind it. */
final class ProgramFile {
  /** The end of central directory record of a zip file without a comment (APPNOTE, 4.3.16). */
  private static final int SIGNATURE = 0x504b0506;

  private static final int LENGTH = 22;
  private static final int DIRECTORY_LENGTH = 12;
  private static final int DIRECTORY_START = 16;

  private ProgramFile() {}

  /** The jar alone, whose end says where it began; null if there is none. */
  static @Nullable ByteBuf jarOf(ByteBuf file) {
    int end = file.readableBytes() - LENGTH;
    if (end < 0 || file.getInt(end) != SIGNATURE) {
      return null;
    }
    long directory = file.getUnsignedIntLE(end + DIRECTORY_LENGTH);
    long start = end - directory - file.getUnsignedIntLE(end + DIRECTORY_START);
    return file.slice(Math.toIntExact(start), file.readableBytes() - Math.toIntExact(start));
  }
}
