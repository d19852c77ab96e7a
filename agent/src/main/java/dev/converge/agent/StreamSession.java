package dev.converge.agent;

import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.sshd.common.future.CloseFuture;
import org.apache.sshd.common.io.AbstractIoWriteFuture;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoService;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.common.util.closeable.AbstractCloseable;
import org.apache.sshd.common.util.threads.ThreadUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** MINA's view of one client: an I/O session over a {@link ByteStream}. */
final class StreamSession extends AbstractCloseable implements IoSession {
  private static final AtomicLong IDS = new AtomicLong();

  private final long id = IDS.incrementAndGet();
  private final ClientAddress address;
  private final ByteStream stream;
  private final IoHandler handler;
  private final Lane lane;
  private final Map<Object, Object> attributes = new ConcurrentHashMap<>();
  private final Map<Written, Boolean> unwritten = new ConcurrentHashMap<>();
  private volatile boolean sorts;
  private volatile long lastInput = System.nanoTime();

  /** The name under which a client is known; there is no real address. */
  static final class ClientAddress extends SocketAddress {
    private final String name;

    ClientAddress(String name) {
      this.name = name;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static final class Written extends AbstractIoWriteFuture {
    Written(Object id) {
      super(id, null);
    }
  }

  StreamSession(String client, ByteStream stream, IoHandler handler, Lane lane) {
    super(client);
    address = new ClientAddress(client);
    this.stream = stream;
    this.handler = handler;
    this.lane = lane;
  }

  /** Starts the SSH session: the server speaks first. */
  void begin() {
    lane.execute(
        () -> {
          try {
            handler.sessionCreated(this);
          } catch (Exception e) {
            fail(e);
          }
        });
  }

  /** Bytes of the client, which become the session's own; {@code done} when they are processed. */
  void received(byte[] bytes, int offset, int length, Runnable done) {
    lastInput = System.nanoTime();
    Runnable task =
        () -> {
          try {
            handler.messageReceived(this, new ByteArrayBuffer(bytes, offset, length));
          } catch (Exception e) {
            fail(e);
          } finally {
            done.run();
          }
        };
    if (sorts) {
      lane.executeHere(task);
    } else {
      lane.execute(task);
    }
  }

  /** What may be done with a message of the client. */
  interface Handling {
    void of(Buffer message) throws Exception;
  }

  /**
   * From now on all that may block is given to {@link #handle}: so bytes are decrypted where they
   * arrive, which saves most of them a change of threads.
   */
  void sorts() {
    sorts = true;
  }

  /**
   * Handles a message where it was decrypted, or in its turn on a thread that it may block.
   *
   * @param quick whether it never blocks
   */
  void handle(boolean quick, Buffer message, Handling handling) throws Exception {
    if (lane.mayBlock() || (quick && lane.isLast())) {
      handling.of(message);
      return;
    }
    var copy = new ByteArrayBuffer(message.getCompactData());
    lane.execute(
        () -> {
          try {
            // As the library does: a key exchange must not wait for what waits for it.
            ThreadUtils.runAsInternal(
                () -> {
                  handling.of(copy);
                  return null;
                });
          } catch (Exception e) {
            fail(e);
          }
        });
  }

  /** Does something for this client, in its turn with what the client has sent. */
  void execute(Runnable task) {
    lane.execute(task);
  }

  /** The stream has ended. */
  void ended() {
    lane.execute(
        () -> {
          unwritten.keySet().forEach(future -> future.setValue(new ClosedChannelException()));
          try {
            handler.sessionClosed(this);
          } catch (Exception e) {
            log.debug("{}: closing", address, e);
          } finally {
            close(true);
          }
        });
  }

  private void fail(Exception cause) {
    try {
      handler.exceptionCaught(this, cause);
    } catch (Exception e) {
      LoggerFactory.getLogger(StreamSession.class).debug("{}: no session", address, cause);
      close(true);
    }
  }

  /** The event loop that the client's bytes come from and go to. */
  Home home() {
    return stream.home();
  }

  /** Whether somebody has to ask the client now and then if it is still there. */
  boolean needsHeartbeat() {
    return !stream.noticesLoss();
  }

  /** When the client was last heard of, as {@link System#nanoTime()}. */
  long lastInput() {
    return lastInput;
  }

  @Override
  public IoWriteFuture writeBuffer(Buffer buffer) {
    var future = new Written(address);
    if (isClosed()) {
      future.setValue(new ClosedChannelException());
      return future;
    }
    unwritten.put(future, true);
    stream.send(
        buffer.array(),
        buffer.rpos(),
        buffer.available(),
        failure -> {
          unwritten.remove(future);
          future.setValue(failure == null ? (Object) true : failure);
        });
    return future;
  }

  @Override
  public void suspendRead() {
    stream.reading(false);
  }

  @Override
  public void resumeRead() {
    stream.reading(true);
  }

  @Override
  protected CloseFuture doCloseGracefully() {
    stream.close(false);
    return super.doCloseGracefully();
  }

  @Override
  protected void doCloseImmediately() {
    stream.close(true);
    super.doCloseImmediately();
  }

  @Override
  public void shutdownOutputStream() {
    // A stream has no half close; SSH has its own.
  }

  @Override
  public long getId() {
    return id;
  }

  @Override
  public SocketAddress getRemoteAddress() {
    return address;
  }

  @Override
  public SocketAddress getLocalAddress() {
    return address;
  }

  @Override
  public SocketAddress getAcceptanceAddress() {
    return address;
  }

  @Override
  public IoService getService() {
    throw new UnsupportedOperationException("not accepted by a service");
  }

  @Override
  public @Nullable Object getAttribute(Object key) {
    return attributes.get(key);
  }

  @Override
  public @Nullable Object setAttribute(Object key, Object value) {
    return attributes.put(key, Objects.requireNonNull(value));
  }

  @Override
  public @Nullable Object setAttributeIfAbsent(Object key, Object value) {
    return attributes.putIfAbsent(key, value);
  }

  @Override
  public @Nullable Object removeAttribute(Object key) {
    return attributes.remove(key);
  }
}
