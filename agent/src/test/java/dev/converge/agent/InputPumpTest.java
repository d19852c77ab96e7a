package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class InputPumpTest {
  private final SessionChannel channel = new SessionChannel(null, null);
  private final InputPump pump = new InputPump(channel);
  private final AtomicReference<String> taken = new AtomicReference<>("");
  private volatile int room;

  /** Takes what it has room for at once, and everything from the pump. */
  private final class Narrow implements InputPump.Sink {
    @Override
    public int offer(byte[] bytes, int start, int length) {
      int count = Math.min(room, length);
      took(text(bytes, start, count));
      return count;
    }

    @Override
    public boolean write(ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      took("[" + text(bytes, 0, bytes.length) + "]");
      return true;
    }

    @Override
    public void end() {
      took(".");
    }
  }

  private void took(String text) {
    taken.accumulateAndGet(text, String::concat);
  }

  private static String text(byte[] bytes, int start, int length) {
    return new String(bytes, start, length, StandardCharsets.US_ASCII);
  }

  @BeforeEach
  void nobodyCountsTheWindow() throws Exception {
    channel.getLocalWindow().close();
  }

  private void take(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    pump.take(bytes, 0, bytes.length);
  }

  @Test
  void inputIsTakenAtOnceOnlyWhenNothingIsInFrontOfIt() throws Exception {
    take("a");
    room = 2;
    var run = CompletableFuture.runAsync(() -> pump.run(new Narrow()));
    await().until(() -> taken.get().equals("[a]"));
    await()
        .untilAsserted(
            () -> {
              take("b");
              assertThat(taken.get()).matches("\\[a](\\[b])*b");
            });
    taken.set("");
    take("cdef");
    await().until(() -> taken.get().equals("cd[ef]"));
    pump.close();
    take("g");
    run.get(10, TimeUnit.SECONDS);
    take("h");
    assertThat(taken.get()).isEqualTo("cd[ef].");
  }
}
