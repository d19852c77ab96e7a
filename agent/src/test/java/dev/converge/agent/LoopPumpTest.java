package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class LoopPumpTest {
  private static final int MUCH = 1_000_000;
  private static final Terminal TERMINAL =
      new Terminal("xterm", new Terminal.Size(80, 24, 0, 0), Map.of());
  private static final Executor NO_THREADS =
      task -> {
        throw new AssertionError("on a thread of its own");
      };

  private final UnhurriedClient client = new UnhurriedClient();
  private @Nullable EventLoopGroup group;
  private @Nullable Child child;

  private CompletableFuture<Void> carry(String script) throws IOException {
    return carry(EpollIoHandler.newFactory(), script, TERMINAL, NO_THREADS);
  }

  private CompletableFuture<Void> carry(
      IoHandlerFactory loops, String script, @Nullable Terminal terminal, Executor threads)
      throws IOException {
    group = new MultiThreadIoEventLoopGroup(1, loops);
    var launch =
        new Launch(
            Path.of("/bin/sh"),
            List.of("sh", "-c", script),
            Map.of("PATH", "/usr/bin:/bin"),
            Path.of("/"),
            terminal);
    child = terminal == null ? SpawnedChild.onPipes(launch) : SpawnedChild.onTerminal(launch);
    return child.output().carry(new Outlet(client), new Home(group.next()), threads);
  }

  @AfterEach
  void end() throws Exception {
    if (child != null && group != null) {
      child.hangUp();
      child.signal(Signals.KILL);
      child.exit().get(20, TimeUnit.SECONDS);
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
      child.input(new Outlet(client)).end();
      child.release();
    }
  }

  private static void awaitEnd(CompletableFuture<Void> carried) throws Exception {
    carried.get(20, TimeUnit.SECONDS);
  }

  @Test
  void whatTheDeadHaveWrittenArrivesAlthoughOthersHoldTheTerminal() throws Exception {
    awaitEnd(carry("trap '' HUP; head -c " + MUCH + " /dev/zero; sleep 1000 & exit 4"));
    assertThat(client.taken()).isEqualTo(MUCH);
  }

  @Test
  void othersThatGoOnWritingDoNotGoOnForever() throws Exception {
    awaitEnd(carry("trap '' HUP; yes & exit"));
  }

  @Test
  void closedOutputIsTheEndAlthoughTheProcessRuns() throws Exception {
    awaitEnd(carry("printf said; exec <&- >&- 2>&-; sleep 1000"));
    assertThat(client.taken()).isEqualTo("said".length());
    assertThat(child.exit()).isNotDone();
  }

  @Test
  void terminalOfTheDeadIsReadToItsEnd() throws Exception {
    awaitEnd(carry("head -c " + MUCH + " /dev/zero"));
    assertThat(client.taken()).isEqualTo(MUCH);
  }

  @Test
  void clientThatTakesNothingHoldsUpTheProcessAndLetsTheLoopRest() throws Exception {
    client.stop();
    var carried = carry("head -c " + MUCH + " /dev/zero");
    await().until(() -> client.given() > 0);
    assertThat(busyWithin(Duration.ofMillis(100))).isLessThan(Duration.ofMillis(50));
    assertThat(child.exit()).isNotDone();
    assertThat(carried).isNotDone();
    client.goOn();
    awaitEnd(carried);
    assertThat(client.taken()).isEqualTo(MUCH);
  }

  @Test
  void loopRestsWhileTheOutputOfTheDeadWaitsForTheClient() throws Exception {
    client.stop();
    var carried = carry("printf first; read -r line; printf second");
    await().until(() -> client.given() > 0);
    child.input(new Outlet(client)).offer(new byte[] {'\n'}, 0, 1);
    child.exit().get(20, TimeUnit.SECONDS);
    assertThat(busyWithin(Duration.ofMillis(100))).isLessThan(Duration.ofMillis(50));
    client.goOn();
    awaitEnd(carried);
    assertThat(client.taken()).isEqualTo("first\r\nsecond".length());
  }

  /** How long of such a time the loop's thread is busy. */
  private Duration busyWithin(Duration time) throws Exception {
    var loop = group.next();
    long before = loop.submit(LoopPumpTest::ownTime).get(20, TimeUnit.SECONDS);
    long after =
        loop.schedule(LoopPumpTest::ownTime, time.toMillis(), TimeUnit.MILLISECONDS)
            .get(20, TimeUnit.SECONDS);
    return Duration.ofNanos(after - before);
  }

  private static long ownTime() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  @Test
  void hangUpIsTheEndForOneThatSaysNothing() throws Exception {
    var carried = carry("sleep 1000");
    child.hangUp();
    awaitEnd(carried);
  }

  @Test
  void hangUpLetsGoOfTheOutputOfAClientThatTakesNothing() throws Exception {
    client.stop();
    var carried = carry("yes");
    await().until(() -> client.given() > 0);
    child.hangUp();
    client.lose();
    awaitEnd(carried);
  }

  @Test
  void loopThatEndsLetsGo() throws Exception {
    // Told while it looks at what it waits for: told in between, Netty's may leave without a word.
    client.whenGiven(() -> group.shutdownGracefully(0, 1, TimeUnit.SECONDS));
    awaitEnd(carry("printf said; sleep 1000"));
  }

  @Test
  void whereTheLoopCannotWaitForItAThreadDoes() throws Exception {
    expectThread(NioIoHandler.newFactory(), TERMINAL);
  }

  @Test
  void whatAPipeBringsIsCarriedByAThread() throws Exception {
    expectThread(EpollIoHandler.newFactory(), null);
  }

  private void expectThread(IoHandlerFactory loops, @Nullable Terminal terminal) throws Exception {
    var threads = new AtomicInteger();
    Executor counted =
        task -> {
          threads.incrementAndGet();
          new Thread(task, "pump").start();
        };
    awaitEnd(carry(loops, "printf said", terminal, counted));
    assertThat(client.taken()).isEqualTo("said".length());
    assertThat(threads).hasValue(1);
  }
}
