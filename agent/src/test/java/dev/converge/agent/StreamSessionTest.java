package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.util.Readable;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Counts changes of threads: what does not go through the pool has not changed them. */
final class StreamSessionTest {
  private final Queue<Runnable> pool = new ArrayDeque<>();
  private final List<String> handled = new ArrayList<>();
  private StreamSession session;

  /** Nobody listens. */
  private static final class Silent implements ByteStream {
    @Override
    public Home home() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void send(byte[] bytes, int offset, int length, Consumer<@Nullable Throwable> done) {
      done.accept(null);
    }

    @Override
    public void reading(boolean on) {}

    @Override
    public void close(boolean immediately) {}
  }

  /** Each byte is a message: a small letter one that never blocks. */
  private final class Letters implements IoHandler {
    @Override
    public void sessionCreated(IoSession created) {}

    @Override
    public void sessionClosed(IoSession closed) {
      handled.add("closed");
    }

    @Override
    public void exceptionCaught(IoSession failed, Throwable cause) {
      handled.add("failed");
    }

    @Override
    public void messageReceived(IoSession from, Readable message) throws Exception {
      var bytes = new byte[message.available()];
      message.getRawBytes(bytes, 0, bytes.length);
      for (byte letter : bytes) {
        session.handle(
            Character.isLowerCase(letter),
            new ByteArrayBuffer(new byte[] {letter}),
            buffer -> handled.add(String.valueOf((char) buffer.getByte())));
      }
    }
  }

  @BeforeEach
  void begin() {
    session = new StreamSession("a", new Silent(), new Letters(), new Lane(pool::add));
  }

  private void receive(String letters) {
    session.received(letters.getBytes(StandardCharsets.US_ASCII), 0, letters.length(), () -> {});
  }

  private void runPool() {
    while (!pool.isEmpty()) {
      pool.remove().run();
    }
  }

  @Test
  void everythingChangesThreadsBeforeTheLogin() {
    receive("ab");
    assertThat(handled).isEmpty();
    runPool();
    assertThat(handled).containsExactly("a", "b");
  }

  @Test
  void messageThatNeverBlocksChangesNoThread() {
    session.sorts();
    receive("ab");
    assertThat(handled).containsExactly("a", "b");
    assertThat(pool).isEmpty();
  }

  @Test
  void whatMayBlockIsDoneElsewhereAndInTurn() {
    session.sorts();
    receive("aBc");
    receive("dE");
    session.ended();
    assertThat(handled).containsExactly("a");
    runPool();
    assertThat(handled).containsExactly("a", "B", "c", "d", "E", "closed");
    assertThat(pool).isEmpty();
  }
}
