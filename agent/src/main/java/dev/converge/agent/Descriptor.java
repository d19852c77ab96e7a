package dev.converge.agent;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A file descriptor of this process that is connected to a child. One thread at a time may read,
 * and one may write; closing is up to whoever knows that both are done.
 */
final class Descriptor implements OutputPump.Source {
  /** What a pipe is to hold, so that whoever has filled it is not waited for at once. */
  private static final int PIPE = 256 * 1024;

  /** What a dead child has written cannot be more than this. */
  private static final int MOST_AFTER_EXIT = 2 * PIPE;

  private static final int MOST_OFFERED = 32 * 1024;

  private static final LibC C = LibC.INSTANCE;

  final int number;
  final Wake wake;
  private final DescriptorIo io;
  private int readAfterExit;
  private @Nullable ByteBuffer offered;

  Descriptor(int number, Wake wake) throws IOException {
    this.number = number;
    this.wake = wake;
    io = DescriptorIo.of(number);
    int flags = check(C.fcntl(number, LibC.F_GETFL, 0), "fcntl");
    check(C.fcntl(number, LibC.F_SETFL, flags | LibC.O_NONBLOCK), "fcntl");
  }

  /** Lets a pipe hold more, if the system has so much for its user. */
  Descriptor enlarged() {
    C.fcntl(number, LibC.F_SETPIPE_SZ, PIPE);
    return this;
  }

  static int check(int result, String call) throws IOException {
    if (result < 0) {
      throw new IOException(call + ": " + C.strerror(Native.getLastError()));
    }
    return result;
  }

  /** Fills a direct buffer from its start; -1 at the end, or when the child is gone and drained. */
  @Override
  public int read(ByteBuffer buffer) {
    int count = readNow(buffer.clear());
    while (count == 0) {
      poll(LibC.POLLIN);
      count = readNow(buffer);
    }
    return count;
  }

  /** The same from its position on, but 0 instead of waiting. */
  int readNow(ByteBuffer buffer) {
    if (wake.aborted() || readAfterExit >= MOST_AFTER_EXIT) {
      return -1;
    }
    boolean exited = wake.exited();
    int count = io.read(buffer);
    readAfterExit += exited ? count : 0;
    return exited && count == 0 ? -1 : count;
  }

  /** Writes all that a direct buffer holds; false when nobody reads it any more. */
  boolean write(ByteBuffer buffer) {
    while (buffer.hasRemaining()) {
      if (wake.exited()) {
        return false;
      }
      int count = io.write(buffer);
      if (count < 0 || (count == 0 && (poll(LibC.POLLOUT) & LibC.POLLERR) != 0)) {
        return false;
      }
    }
    return true;
  }

  /** Writes what can be written at once, if anything; returns how many bytes. */
  int offer(byte[] bytes, int start, int length) {
    if (wake.exited()) {
      return 0;
    }
    if (offered == null) {
      offered = ByteBuffer.allocateDirect(MOST_OFFERED);
    }
    offered.clear().put(bytes, start, Math.min(MOST_OFFERED, length)).flip();
    return Math.max(0, io.write(offered));
  }

  void close() {
    C.close(number);
  }

  /** Waits until something can be done; 0 if nothing can be and nothing is to be waited for. */
  private int poll(short events) {
    try (Memory polled = new Memory(16)) {
      polled.setInt(0, number);
      polled.setShort(4, events);
      polled.setInt(8, wake.fd);
      polled.setShort(12, LibC.POLLIN);
      while (true) {
        polled.setShort(6, (short) 0);
        polled.setShort(14, (short) 0);
        C.poll(polled, new NativeLong(2), -1);
        int ready = polled.getShort(6);
        if (ready != 0 || polled.getShort(14) != 0) {
          return ready;
        }
      }
    }
  }
}
