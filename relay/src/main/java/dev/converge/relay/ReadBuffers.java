package dev.converge.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * How much is read of a socket at once: little while little comes, so that the bytes of an idle
 * peer hold little memory, and much while much comes. In front of what is read there is room for
 * the header of the frame in which it goes on.
 */
final class ReadBuffers extends DefaultMaxMessagesRecvByteBufAllocator {
  /** Bytes of a buffer in all, as the allocator has them without waste. */
  static final int SMALL = 2 * 1024;

  static final int LARGE = 128 * 1024;

  private static final int ROOM = 16;

  ReadBuffers() {
    // One pair's bulk lets the byte of another through after each buffer.
    super(1);
  }

  @Override
  public ExtendedHandle newHandle() {
    return new Sizes();
  }

  private final class Sizes extends MaxMessageHandle {
    private boolean much;
    private boolean wasLittle;

    @Override
    public int guess() {
      return much ? LARGE : SMALL;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator from) {
      return from.ioBuffer(guess()).setIndex(ROOM, ROOM);
    }

    /** One short read may be the end of a burst; two are the end of the bulk. */
    @Override
    public void lastBytesRead(int bytes) {
      super.lastBytesRead(bytes);
      boolean little = bytes <= SMALL - ROOM;
      if (bytes == attemptedBytesRead()) {
        much = true;
        wasLittle = false;
      } else {
        much &= !(little && wasLittle);
        wasLittle = little;
      }
    }
  }
}
