package dev.converge.agent;

import java.io.EOFException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.apache.sshd.common.io.AbstractIoWriteFuture;
import org.apache.sshd.common.io.IoOutputStream;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.io.WritePendingException;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.closeable.AbstractCloseable;
import org.apache.sshd.common.util.threads.ThreadUtils;

/** Takes what it is given at once, or when it feels like it; one packet at a time. */
final class UnhurriedClient extends AbstractCloseable implements IoOutputStream {
  private final Queue<Packet> untaken = new ArrayDeque<>();
  private Runnable whenGiven = () -> {};
  private boolean stopped;
  private int given;
  private int taken;

  private static final class Packet extends AbstractIoWriteFuture {
    final int length;

    Packet(int length) {
      super("packet", null);
      this.length = length;
    }
  }

  @Override
  public synchronized IoWriteFuture writeBuffer(Buffer buffer) {
    if (!ThreadUtils.isInternalThread()) {
      throw new AssertionError("a key exchange would block this thread");
    }
    if (!untaken.isEmpty()) {
      throw new WritePendingException("one at a time");
    }
    var packet = new Packet(buffer.available());
    given += packet.length;
    untaken.add(packet);
    whenGiven.run();
    if (!stopped) {
      take();
    }
    return packet;
  }

  private void take() {
    for (Packet next = untaken.poll(); next != null; next = untaken.poll()) {
      taken += next.length;
      next.setValue(true);
    }
  }

  /** Called in the midst of what gives it something. */
  synchronized void whenGiven(Runnable listener) {
    whenGiven = listener;
  }

  synchronized void stop() {
    stopped = true;
  }

  synchronized void goOn() {
    stopped = false;
    take();
  }

  synchronized void takeOne() {
    Packet next = untaken.remove();
    taken += next.length;
    next.setValue(true);
  }

  /** What it has not taken it never will. */
  synchronized void lose() {
    untaken.forEach(packet -> packet.setValue(new EOFException("gone")));
    untaken.clear();
  }

  synchronized int given() {
    return given;
  }

  synchronized int taken() {
    return taken;
  }
}
