package dev.converge.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.server.channel.ChannelDataReceiver;
import org.apache.sshd.server.channel.ChannelSession;

/**
 * Carries a client's input to where it is wanted, at the pace of who takes it: the channel's window
 * opens again only for what was taken, and so bounds what waits here.
 */
final class InputPump implements ChannelDataReceiver {
  private static final int CHUNK = 32 * 1024;
  private static final byte[] END = new byte[0];

  private final Channel channel;
  private final BlockingQueue<byte[]> waiting = new LinkedBlockingQueue<>();

  InputPump(Channel channel) {
    this.channel = channel;
  }

  /** Who takes the input; its methods are called by one thread. */
  interface Sink {
    /** Takes all that a direct buffer holds; false when nothing more is wanted. */
    boolean write(ByteBuffer buffer);

    /** There is no more. */
    void end();
  }

  /** A sink for input that nobody is to get. */
  static final Sink NOBODY =
      new Sink() {
        @Override
        public boolean write(ByteBuffer buffer) {
          return false;
        }

        @Override
        public void end() {
          // Nobody waits for it.
        }
      };

  @Override
  public int data(ChannelSession from, byte[] buffer, int start, int length) {
    take(buffer, start, length);
    return 0;
  }

  /** Queues a copy of the bytes. */
  void take(byte[] buffer, int start, int length) {
    byte[] copy = new byte[length];
    System.arraycopy(buffer, start, copy, 0, length);
    waiting.add(copy);
  }

  /** The client's end of input, or the end of the channel. */
  @Override
  public void close() {
    waiting.add(END);
  }

  /** Runs until the client sends no more, and tells the sink then. */
  void run(Sink sink) {
    ByteBuffer direct = ByteBuffer.allocateDirect(CHUNK);
    boolean wanted = true;
    try {
      for (byte[] next = waiting.take(); next != END; next = waiting.take()) {
        // What nobody reads any more is swallowed, so that the client is not held up by it.
        wanted = wanted && write(next, sink, direct);
        if (next.length > 0 && channel.getLocalWindow().isOpen()) {
          channel.getLocalWindow().release(next.length);
        }
      }
    } catch (InterruptedException | IOException e) {
      // The channel is gone.
    }
    sink.end();
  }

  private static boolean write(byte[] bytes, Sink sink, ByteBuffer direct) {
    for (int start = 0; start < bytes.length; start += CHUNK) {
      direct.clear().put(bytes, start, Math.min(CHUNK, bytes.length - start)).flip();
      if (!sink.write(direct)) {
        return false;
      }
    }
    return true;
  }
}
