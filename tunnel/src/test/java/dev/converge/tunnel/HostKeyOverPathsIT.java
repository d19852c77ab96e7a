package dev.converge.tunnel;

import static dev.converge.tunnel.LinkFixture.BYE;
import static dev.converge.tunnel.LinkFixture.open;
import static dev.converge.tunnel.LinkFixture.run;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pinned host key is that of the stream, whatever happens to the paths under the handshake. */
@Timeout(value = 30, threadMode = SEPARATE_THREAD)
final class HostKeyOverPathsIT {
  private static final byte[] KEY = SshServerBytes.key("right");
  private static final byte[] WRONG = SshServerBytes.key("wrong");
  private static final int TEXT = "SSH-2.0-Test\r\n".length();
  private static final int INIT = SshServerBytes.packet(SshServerBytes.keyExchangeInit()).length;

  private final LinkFixture links = new LinkFixture();
  private final FakeAgent agent = new FakeAgent(links.limits);
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();

  /** Runs a session in which the server says {@code all}, with a cut behind so many bytes. */
  private CompletableFuture<Void> session(FakeServer server, byte[] all, int cut) throws Exception {
    Link link = links.open(server);
    CompletableFuture<Void> run =
        run(new StreamBridge(link, open(), output, HostKeyPin.of(ByteBuffer.wrap(KEY))));
    agent.say(Arrays.copyOf(all, cut));
    await().until(() -> agent.messages() > 0); // it has them: they are acknowledged
    agent.cut();
    await().until(() -> agent.paths() == 2);
    agent.say(Arrays.copyOfRange(all, cut, all.length)).end(BYE);
    return run;
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 14, 20, 300, 500})
  void handshakeThatIsCutIsCheckedOnceAndGoesOn(int cut) throws Exception {
    byte[] all = SshServerBytes.join(SshServerBytes.handshake(KEY), "encrypted".getBytes(UTF_8));
    try (FakeServer server = FakeServer.start(agent)) {
      session(server, all, cut).get(10, TimeUnit.SECONDS);

      assertThat(output.toByteArray()).isEqualTo(all);
    }
  }

  @Test
  void wrongKeyBehindTheCutIsSeen() throws Exception {
    try (FakeServer server = FakeServer.start(agent)) {
      CompletableFuture<Void> run =
          session(server, SshServerBytes.handshake(WRONG), TEXT + INIT + 30);

      assertThat(run)
          .failsWithin(10, TimeUnit.SECONDS)
          .withThrowableThat()
          .withCauseInstanceOf(UntrustedServer.class);
      assertThat(output.size()).isEqualTo(TEXT + INIT); // and nothing of its reply
    }
  }
}
