package dev.converge.agent;

import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.channel.throttle.ChannelStreamWriter;
import org.apache.sshd.common.io.AbstractIoWriteFuture;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.buffer.Buffer;

/**
 * Sends one stream of a channel. Who writes need not wait until each packet is out, as long as not
 * too much is on its way: a packet counts as written at once, and is so unless the client is lost.
 */
final class Ahead implements ChannelStreamWriter {
  /** What may be on its way before a packet is waited for, in bytes. */
  static final int MOST = 256 * 1024;

  private static final IoWriteFuture WRITTEN = AbstractIoWriteFuture.fulfilled("ahead", true);

  private final Channel channel;
  private final AtomicInteger onTheWay = new AtomicInteger();
  private volatile boolean closed;

  Ahead(Channel channel) {
    this.channel = channel;
  }

  @Override
  public IoWriteFuture writeData(Buffer buffer) throws IOException {
    if (closed) {
      throw new EOFException("the stream is closed");
    }
    int length = buffer.available();
    IoWriteFuture packet = channel.writePacket(buffer);
    int sum = onTheWay.addAndGet(length);
    packet.addListener(out -> onTheWay.addAndGet(-length));
    return sum > MOST || packet.isDone() ? packet : WRITTEN;
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  @Override
  public void close() {
    closed = true;
  }
}
