package dev.converge.tunnel;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An agent of one resumable stream, with the relay before it: each connection of a {@link
 * FakeServer} is a path. It keeps what it hears, says what it is given, and ends as it is told.
 */
public final class FakeAgent implements FakeServer.Script {
  private final StreamLimits limits;
  private final AtomicInteger paths = new AtomicInteger();
  private final ByteArrayOutputStream heard =
      new ByteArrayOutputStream(); // guarded by this, as all
  private final ByteArrayOutputStream toSay = new ByteArrayOutputStream();
  private int said;
  private boolean echoing;
  private @Nullable ResumableStream stream;
  private @Nullable Peer path;
  private @Nullable CloseReason own;
  private @Nullable CloseReason ended;
  private @Nullable CloseReason lastClose;
  private int messages;
  private int pings;
  private int cutAt;

  public FakeAgent(StreamLimits limits) {
    this.limits = limits;
  }

  /** Has it say what it hears, and end when the client does. */
  public synchronized FakeAgent echo() {
    echoing = true;
    return this;
  }

  synchronized FakeAgent say(byte[] bytes) {
    toSay.writeBytes(bytes);
    notifyAll();
    return this;
  }

  /** Ends behind what it was given to say. */
  public synchronized FakeAgent end(CloseReason reason) {
    own = reason;
    notifyAll();
    return this;
  }

  synchronized byte[] heard() {
    return heard.toByteArray();
  }

  synchronized int heardSoFar() {
    return heard.size();
  }

  synchronized @Nullable CloseReason ended() {
    return ended;
  }

  synchronized boolean finished() {
    return stream != null && stream.finished();
  }

  /** How many paths there were. */
  public int paths() {
    return paths.get();
  }

  /** Breaks the path off. */
  public void cut() throws IOException {
    Peer current;
    synchronized (this) {
      current = path;
    }
    if (current != null) {
      current.reset();
    }
  }

  synchronized @Nullable Peer path() {
    return path;
  }

  /** Has the first path lost once so much was heard; the next brings what it says, and the end. */
  public synchronized FakeAgent cutBehind(int length) {
    cutAt = length;
    return this;
  }

  @Override
  public void run(Peer peer) throws Exception {
    peer.upgradeTo(Protocol.SUBPROTOCOL);
    carry(peer);
  }

  /** A path of which the upgrade is done. */
  void carry(Peer peer) throws IOException {
    open(peer, hello(peer));
    Thread writer = new Thread(() -> write(peer), "agent");
    writer.start();
    try {
      for (byte[] bytes = binary(peer); bytes.length > 0; bytes = binary(peer)) {
        receive(bytes);
      }
    } catch (IOException e) {
      // The path is lost.
    } finally {
      lost(peer);
    }
  }

  /** A path that dies right behind the agent's hello, without a sign of it. */
  void greetAndFreeze(Peer peer, CountDownLatch thaw) throws IOException, InterruptedException {
    open(peer, hello(peer));
    peer.binary(next(peer));
    thaw.await();
    lost(peer);
  }

  /** Reads what a client begins a path with. */
  static Hello hello(Peer peer) throws IOException {
    HelloReader reader = new HelloReader();
    byte[] first = peer.receive().payload();
    int taken = reader.take(first, 0, first.length);
    Hello hello = reader.hello();
    if (hello == null || taken < first.length) {
      throw new IOException("no hello alone in its message");
    }
    return hello;
  }

  private byte[] binary(Peer peer) throws IOException {
    Peer.Received frame = peer.receive();
    while (frame.opcode() != Frame.BINARY && frame.opcode() != Frame.CLOSE) {
      pinged();
      frame = peer.receive();
    }
    if (frame.opcode() == Frame.CLOSE) {
      closed(CloseReason.parse(frame.payload()));
      peer.send(0x80 | Frame.CLOSE, frame.payload());
      return new byte[0];
    }
    return frame.payload();
  }

  private synchronized void closed(CloseReason reason) {
    lastClose = reason;
  }

  /** The last close frame that came. */
  synchronized @Nullable CloseReason lastClose() {
    return lastClose;
  }

  private synchronized void pinged() {
    pings++;
  }

  synchronized int pings() {
    return pings;
  }

  /** How many messages came behind the hellos; clients send one for each frame of a stream. */
  synchronized int messages() {
    return messages;
  }

  private synchronized void open(Peer peer, Hello hello) throws IOException {
    ResumableStream open = stream;
    if (open == null) {
      open = ResumableStream.agent(hello.id(), limits, ReplayBudget.unlimited());
    }
    if (path != null) {
      open.pathLost();
    }
    stream = open;
    path = peer;
    paths.incrementAndGet();
    open.pathOpened(hello, System.nanoTime());
    notifyAll();
  }

  private synchronized void lost(Peer peer) {
    if (path == peer && stream != null) {
      stream.pathLost();
      path = null;
      notifyAll();
    }
  }

  private synchronized void receive(byte[] bytes) throws IOException {
    ResumableStream open = stream;
    if (open == null) {
      return;
    }
    messages++;
    open.receive(bytes, 0, bytes.length, System.nanoTime());
    for (StreamEvent event = open.next(); event != null; event = open.next()) {
      if (event instanceof StreamEvent.Data data) {
        heard.write(data.bytes(), data.offset(), data.length());
        if (echoing) {
          toSay.write(data.bytes(), data.offset(), data.length());
        }
      } else if (event instanceof StreamEvent.Ended end) {
        ended = end.reason();
        own = echoing ? end.reason() : own;
      }
    }
    notifyAll();
    if (cutAt > 0 && heard.size() >= cutAt) {
      cutAt = 0;
      own = CloseReason.normal("");
      path = null;
      open.pathLost();
      throw new IOException("cut");
    }
  }

  private void write(Peer peer) {
    try {
      for (byte[] bytes = next(peer); bytes.length > 0; bytes = next(peer)) {
        peer.binary(bytes);
      }
    } catch (IOException e) {
      // The reader sees it, too.
    }
  }

  private synchronized byte[] next(Peer peer) {
    try {
      while (path == peer && stream != null) {
        talk(stream);
        Segment segment = stream.poll(System.nanoTime());
        if (segment != null) {
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          bytes.writeBytes(segment.head());
          bytes.write(segment.body(), segment.offset(), segment.length());
          return bytes.toByteArray();
        }
        wait(Math.max(1, Math.min(1000, stream.idle(System.nanoTime()) / 1_000_000)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return new byte[0];
  }

  private void talk(ResumableStream to) {
    if (said < toSay.size() && to.room() > 0) {
      byte[] all = toSay.toByteArray();
      said += to.write(all, said, all.length - said);
    }
    if (own != null && said == toSay.size()) {
      to.end(own);
    }
  }
}
