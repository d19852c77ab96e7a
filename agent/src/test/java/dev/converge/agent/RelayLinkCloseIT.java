package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.converge.cli.Failure;
import dev.converge.tunnel.Endpoint;
import dev.converge.tunnel.ProxySettings;
import dev.converge.tunnel.Role;
import dev.converge.tunnel.TlsConfig;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.test.LeakPresenceExtension;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Links that are closed at a bad moment: nobody is to ask anything of an event loop that ended. */
@Timeout(60)
@ExtendWith(LeakPresenceExtension.class)
final class RelayLinkCloseIT {
  private static final int SESSIONS = 8;

  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private PrintStream stderr;
  private FakeRelay relay;

  @BeforeEach
  void start() throws IOException {
    stderr = System.err;
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    relay = new FakeRelay();
  }

  @AfterEach
  void stop() throws IOException {
    System.setErr(stderr);
    relay.close();
  }

  private LinkConfig config() {
    return new LinkConfig(
        Endpoint.parse("ws://127.0.0.1:" + relay.port() + "/agent/id", Role.AGENT),
        "key",
        null,
        new ProxySettings(Map.of()),
        Trust.in(TlsConfig.trusting(null)),
        Duration.ofSeconds(30),
        LinkFixture.QUICK);
  }

  /** Of its sessions that live on the link's own event loop, the last one takes long to close. */
  private static final class Slow implements RelayLink.Listener {
    final CompletableFuture<Thread> loop = new CompletableFuture<>();
    final CountDownLatch paired = new CountDownLatch(SESSIONS);
    final CountDownLatch idle = new CountDownLatch(1);
    private final AtomicInteger open = new AtomicInteger();

    @Override
    public void ready() {
      loop.complete(Thread.currentThread());
    }

    @Override
    public void paired(Channel channel, String client, boolean mayResume) {
      if (Thread.currentThread() == loop.join()) {
        open.incrementAndGet();
        channel.pipeline().addLast(new Closing());
      }
      paired.countDown();
    }

    @Override
    public void gaveUp(Failure why) {}

    private final class Closing extends ChannelOutboundHandlerAdapter {
      @Override
      public void close(ChannelHandlerContext ctx, ChannelPromise promise) throws Exception {
        if (open.decrementAndGet() == 0) {
          assertThat(idle.await(10, TimeUnit.SECONDS)).isTrue();
        }
        ctx.close(promise);
      }
    }
  }

  @Test
  void linkThatIsTooBusyToCloseInTimeClosesLater() throws Exception {
    var slow = new Slow();
    var link = new RelayLink(config(), slow);
    link.start();
    for (int i = 0; i < SESSIONS; i++) {
      relay.slot().write(FakeRelay.paired("a"));
    }
    assertThat(slow.paired.await(10, TimeUnit.SECONDS)).isTrue();

    link.close();
    slow.idle.countDown();

    Thread loop = slow.loop.join();
    loop.join(10_000);
    assertThat(loop.isAlive()).isFalse();
    assertThat(log.toString(StandardCharsets.UTF_8)).doesNotContainIgnoringCase("event loop");
  }

  @Test
  void lookupThatTakesLongerThanItsLinkLivesLeadsNowhere() throws Exception {
    var transport = Transport.best();
    var channels = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE, true);
    var dialer = new Dialer(config(), transport, transport.group().next(), channels);
    transport.group().shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();

    dialer.dial(new Nobody());

    await().until(() -> !isLookingUp());
    assertThat(log.toString(StandardCharsets.UTF_8)).doesNotContainIgnoringCase("event loop");
  }

  private static boolean isLookingUp() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals("lookup"));
  }

  private static final class Nobody implements SlotEvents {
    @Override
    public void failed(Throwable cause) {}

    @Override
    public void opened(Channel slot) {}

    @Override
    public void taken(Channel slot, String client, boolean mayResume) {}

    @Override
    public void lost(String why) {}
  }
}
