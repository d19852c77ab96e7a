package dev.converge.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.server.channel.ChannelDataReceiver;
import org.apache.sshd.server.channel.ChannelSession;
import org.jspecify.annotations.Nullable;

/**
 * Carries a client's input to where it is wanted, at the pace of who takes it: the channel's window
 * opens again only for what was taken, and so bounds what waits here. What is taken at once, such
 * as a keystroke, does not wait for the pump.
 */
final class InputPump implements ChannelDataReceiver {
  private static final int CHUNK = 32 * 1024;
  private static final byte[] END = new byte[0];

  private final Channel channel;
  private final BlockingQueue<byte[]> waiting = new LinkedBlockingQueue<>();

  /** How many pieces wait for the pump, or are with it. */
  private int pieces;

  private @Nullable Sink sink;

  InputPump(Channel channel) {
    this.channel = channel;
  }

  /** Who takes the input; its methods are called by one thread at a time. */
  interface Sink {
    /** Takes as many of the bytes as it can without waiting; returns how many. */
    default int offer(byte[] bytes, int start, int length) {
      return 0;
    }

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
  public int data(ChannelSession from, byte[] buffer, int start, int length) throws IOException {
    take(buffer, start, length);
    return 0;
  }

  /** Takes the bytes, or a copy of them. */
  void take(byte[] buffer, int start, int length) throws IOException {
    int taken = offer(buffer, start, length);
    if (taken > 0) {
      release(taken);
    }
    if (taken < length) {
      byte[] rest = new byte[length - taken];
      System.arraycopy(buffer, start + taken, rest, 0, rest.length);
      add(rest);
    }
  }

  /** In front of the pump, which has nothing to do. */
  private synchronized int offer(byte[] bytes, int start, int length) {
    return sink == null || pieces > 0 ? 0 : sink.offer(bytes, start, length);
  }

  private synchronized void add(byte[] piece) {
    pieces++;
    waiting.add(piece);
  }

  private synchronized void done() {
    pieces--;
  }

  /** The client's end of input, or the end of the channel. */
  @Override
  public void close() {
    add(END);
  }

  /** Runs until the client sends no more, and tells the sink then. */
  void run(Sink to) {
    offerTo(to);
    ByteBuffer direct = ByteBuffer.allocateDirect(CHUNK);
    boolean wanted = true;
    try {
      for (byte[] next = waiting.take(); next != END; next = waiting.take()) {
        // What nobody reads any more is swallowed, so that the client is not held up by it.
        wanted = wanted && write(next, to, direct);
        done();
        release(next.length);
      }
    } catch (InterruptedException | IOException e) {
      // The channel is gone.
    }
    offerTo(null);
    to.end();
  }

  private synchronized void offerTo(@Nullable Sink to) {
    sink = to;
  }

  private void release(int length) throws IOException {
    if (length > 0 && channel.getLocalWindow().isOpen()) {
      channel.getLocalWindow().release(length);
    }
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
