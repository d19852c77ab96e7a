package dev.converge.agent;

import com.sun.jna.NativeLong;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Ends the waiting of all who read from or write to one child, each in its own way. */
final class Wake {
  private enum State {
    RUNNING,
    /** The child is gone: what it has written is still to be read. */
    EXITED,
    /** Nobody wants to hear of the child any more. */
    ABORTED,
    /** Nobody waits here any more. */
    CLOSED
  }

  final int fd;
  private final List<Runnable> listeners = new ArrayList<>();
  private volatile State state = State.RUNNING;

  Wake() throws IOException {
    fd = Descriptor.check(LibC.INSTANCE.eventfd(0, LibC.O_CLOEXEC | LibC.O_NONBLOCK), "eventfd");
  }

  boolean exited() {
    return state != State.RUNNING;
  }

  boolean aborted() {
    return state == State.ABORTED || state == State.CLOSED;
  }

  /** Tells who cannot poll of each change, and of one that was before. It must not block. */
  synchronized void listen(Runnable listener) {
    listeners.add(listener);
    if (exited()) {
      listener.run();
    }
  }

  synchronized void exit() {
    if (state == State.RUNNING) {
      raise(State.EXITED);
    }
  }

  synchronized void abort() {
    if (state != State.CLOSED) {
      raise(State.ABORTED);
    }
  }

  /** To be called once nobody polls any more. */
  synchronized void close() {
    if (state != State.CLOSED) {
      state = State.CLOSED;
      LibC.INSTANCE.close(fd);
    }
  }

  private void raise(State next) {
    state = next;
    ByteBuffer one = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder());
    one.putLong(0, 1);
    // The count stays above zero for good, so that everyone who polls sees it.
    LibC.INSTANCE.write(fd, one, new NativeLong(Long.BYTES));
    listeners.forEach(Runnable::run);
  }
}
