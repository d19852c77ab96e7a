package dev.converge.agent;

import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * read(2) and write(2) on a descriptor that never waits, for what is between position and limit of
 * a direct buffer: they return 0 when nothing can be done now, and -1 when nothing ever can again.
 */
interface DescriptorIo {
  int read(ByteBuffer buffer);

  int write(ByteBuffer buffer);

  /** Netty's calls where its library loads, as they cost a fraction of JNA's. */
  static DescriptorIo of(int number) {
    return Epoll.isAvailable() ? new ByNetty(new FileDescriptor(number)) : new ByJna(number);
  }

  private static int moved(ByteBuffer buffer, int count) {
    buffer.position(buffer.position() + Math.max(count, 0));
    return count;
  }

  /** By JNI. */
  record ByNetty(FileDescriptor fd) implements DescriptorIo {
    @Override
    public int read(ByteBuffer buffer) {
      try {
        return moved(buffer, fd.read(buffer, buffer.position(), buffer.limit()));
      } catch (IOException e) {
        return -1; // as that of a terminal that nobody has any more
      }
    }

    @Override
    public int write(ByteBuffer buffer) {
      try {
        return moved(buffer, fd.write(buffer, buffer.position(), buffer.limit()));
      } catch (IOException e) {
        return -1;
      }
    }
  }

  /** By what starts the child, too. */
  record ByJna(int number) implements DescriptorIo {
    private static final LibC C = LibC.INSTANCE;

    @Override
    public int read(ByteBuffer buffer) {
      int count = C.read(number, buffer.slice(), size(buffer)).intValue();
      return count == 0 ? -1 : moved(buffer, now(count));
    }

    @Override
    public int write(ByteBuffer buffer) {
      return moved(buffer, now(C.write(number, buffer.slice(), size(buffer)).intValue()));
    }

    private static NativeLong size(ByteBuffer buffer) {
      return new NativeLong(buffer.remaining());
    }

    private static int now(int count) {
      int error = Native.getLastError();
      return count < 0 && (error == LibC.EAGAIN || error == LibC.EINTR) ? 0 : count;
    }
  }
}
