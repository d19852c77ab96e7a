package dev.converge.agent;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.apache.sshd.common.io.IoWriteFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries output to a client, at the pace of the client, on the event loop of its connection: so an
 * echo changes threads nowhere. It waits for nothing: while the client does not read, the loop does
 * not look at the output.
 */
final class LoopPump implements EpollIoHandle {
  private static final Logger LOG = LoggerFactory.getLogger(LoopPump.class);

  /** What is read in one turn of the loop, so that others have theirs. */
  private static final int CHUNK = 32 * 1024;

  /** Who has brought so much has more: a terminal never gives above 4 KiB at once. */
  private static final int MUCH = 1024;

  private enum State {
    /** What comes is carried. */
    OPEN,
    /** The client has to take what it was given. */
    FULL,
    ENDED
  }

  private final Descriptor source;
  private final Outlet outlet;
  private final Home home;
  private final FileDescriptor fd;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private State state = State.OPEN;
  private @Nullable IoRegistration registration;
  private IoWriteFuture sent = Outlet.SENT;

  LoopPump(Descriptor source, Outlet outlet, Home home) {
    this.source = source;
    this.outlet = outlet;
    this.home = home;
    fd = new FileDescriptor(source.number);
  }

  /** Whether the loop can wait for descriptors. */
  static boolean runsAt(Home home) {
    return home.loop() instanceof IoEventLoop loop && loop.isCompatible(LoopPump.class);
  }

  /** Completes when all is with the client, and the loop has let go of the descriptor. */
  CompletableFuture<Void> start() {
    home.run(
        () ->
            ((IoEventLoop) home.loop())
                .register(this)
                .addListener((Future<IoRegistration> registered) -> begin(registered)));
    return done;
  }

  private void begin(Future<IoRegistration> registered) {
    registration = registered.getNow();
    await(EpollIoOps.EPOLLIN);
    source.wake.listen(() -> home.later(this::drain));
  }

  private void await(EpollIoOps events) {
    if (registration == null) {
      end();
    } else {
      registration.submit(events);
    }
  }

  @Override
  public FileDescriptor fd() {
    return fd;
  }

  @Override
  public void handle(IoRegistration ignored, IoEvent event) {
    if (state == State.OPEN && !source.wake.exited()) {
      carry();
    }
  }

  /** No event tells that all is read of a child that is gone, or that is to be forgotten. */
  private void drain() {
    if (state == State.OPEN && source.wake.exited()) {
      carry();
    }
  }

  private void carry() {
    try {
      boolean more = fill();
      if (buffer.position() > 0) {
        sent = outlet.send(buffer.flip());
      }
      if (!more) {
        end();
      } else if (!sent.isDone()) {
        pause();
      } else if (source.wake.exited()) {
        home.later(this::drain);
      }
    } catch (IOException | RuntimeException e) {
      // The client is gone, or does not want to hear more: its channel's close ends the child.
      LOG.debug("the output ends", e);
      end();
    }
  }

  /** Returns whether more may come. */
  private boolean fill() {
    buffer.clear();
    int count = source.readNow(buffer);
    while (count >= MUCH && buffer.hasRemaining()) {
      count = source.readNow(buffer);
    }
    return count >= 0;
  }

  private void pause() {
    state = State.FULL;
    // The end of output is always told, but in this way only once.
    await(EpollIoOps.EPOLLET);
    sent.addListener(written -> home.later(this::resume));
  }

  private void resume() {
    if (state == State.FULL) {
      state = State.OPEN;
      await(EpollIoOps.EPOLLIN);
      drain();
    }
  }

  private void end() {
    if (state != State.ENDED) {
      state = State.ENDED;
      if (registration != null) {
        registration.cancel();
      }
      sent.addListener(written -> done.complete(null));
    }
  }

  /** The loop itself has ended. */
  @Override
  public void close() {
    state = State.ENDED;
    done.complete(null);
  }
}
