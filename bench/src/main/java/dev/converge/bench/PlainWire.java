package dev.converge.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** TCP. */
record PlainWire(SocketChannel channel) implements Wire {
  @Override
  public ByteBuffer buffer(int size) {
    return ByteBuffer.allocateDirect(size);
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    into.clear();
    int count = channel.read(into);
    into.flip();
    return count;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
