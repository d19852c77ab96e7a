package dev.converge.agent;

import static dev.converge.agent.FakeRelay.BINARY;
import static dev.converge.agent.FakeRelay.FIN;
import static dev.converge.agent.FakeRelay.frame;
import static dev.converge.agent.FakeRelay.paired;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import dev.converge.cli.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The parts put together; how they do with real clients is shown in e2e. */
@Timeout(60)
final class AgentIT {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @Test
  void clientThatIsPairedMeetsAnSshServer() throws Exception {
    try (FakeRelay relay = new FakeRelay()) {
      Agent agent = agent(relay, "--expiry=PT1M");
      CompletableFuture<Integer> exit = CompletableFuture.supplyAsync(agent::run);
      FakeRelay.Connection slot = relay.slot();
      await().untilAsserted(() -> assertThat(printed()).endsWith("\n\nwaiting for clients\n"));

      slot.write(paired("192.0.2.1:5"));

      assertThat(slot.read().payload()).startsWith("SSH-2.0-");
      agent.end("Enough.");
      assertThat(exit.get(20, TimeUnit.SECONDS)).isZero();
      slot.awaitEnd();
    }
  }

  @Test
  void relayIsCalledOnlyWhenItIsKnownWhoGetsIn() throws Exception {
    CountDownLatch looked = new CountDownLatch(1);
    try (FakeRelay relay = new FakeRelay();
        KeyServer keys = new KeyServer()) {
      keys.answers.put("/keys", exchange -> answerAfter(looked, exchange));
      Agent agent = agent(relay, "--authorized-keys-url=" + keys.url("/keys"));
      CompletableFuture<Integer> exit = CompletableFuture.supplyAsync(agent::run);
      assertThat(relay.isLeftAlone(500)).isTrue();
      assertThat(printed()).isEmpty();

      looked.countDown();

      FakeRelay.Connection slot = relay.slot();
      slot.write(paired("192.0.2.1:5"), frame(FIN | BINARY, "SSH-2.0-early\r\n"));
      relay.slot();
      assertThat(slot.read().payload()).startsWith("SSH-2.0-Converge");
      assertThat(slot.read().payload()).contains("mlkem768x25519-sha256");
      agent.end("Enough.");
      assertThat(exit.get(20, TimeUnit.SECONDS)).isZero();
      assertThat(printed()).endsWith("\n\nwaiting for clients\n");
    }
  }

  private static void answerAfter(CountDownLatch latch, HttpExchange exchange) throws IOException {
    try {
      assertThat(latch.await(4, TimeUnit.SECONDS)).isTrue();
      KeyServer.answer(exchange, 200, "text/plain", "");
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void keyFileThatCannotBeUsedFailsBeforeAnythingIsPrintedOrCalled() throws Exception {
    try (FakeRelay relay = new FakeRelay()) {
      Agent agent = agent(relay, "--host-key=/no/such/file");
      CompletableFuture<Integer> exit = CompletableFuture.supplyAsync(agent::run);

      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(() -> exit.get(20, TimeUnit.SECONDS))
          .withCauseInstanceOf(Failure.class)
          .withMessageContaining("host key: /no/such/file: no such file");
      assertThat(printed()).isEmpty();
      assertThat(relay.isLeftAlone(100)).isTrue();
    }
  }

  @Test
  void personWhoNeedsATokenTooIsTold() throws Exception {
    try (FakeRelay relay = new FakeRelay()) {
      assertThat(agent(relay, "--token=s3cret", "--expiry=PT0.1S").run()).isZero();
    }
    assertThat(printed())
        .contains("\n\nWhere you run these commands, set CONVERGE_TOKEN to the relay's secret.\n\n")
        .doesNotContain("s3cret");
  }

  @Test
  void sessionThatNobodyEntersExpiresWithZero() throws Exception {
    try (FakeRelay relay = new FakeRelay()) {
      assertThat(agent(relay, "--expiry=PT0.3S").run()).isZero();
    }
    assertThat(printed()).contains("ID:          x\n", "Host key:    SHA256:", "Password:    ");
  }

  @Test
  void refusalOfTheRelayFailsWithItsLine() throws Exception {
    try (FakeRelay relay = new FakeRelay()) {
      Agent agent = agent(relay);
      CompletableFuture<Integer> exit = CompletableFuture.supplyAsync(agent::run);
      relay.next().refuse(409, "ID x belongs to another agent");

      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(() -> exit.get(20, TimeUnit.SECONDS))
          .withCauseInstanceOf(Failure.class)
          .withMessageContaining(": ID x belongs to another agent (HTTP 409 No)");
      assertThat(printed()).doesNotContain("waiting for clients");
    }
  }

  private Agent agent(FakeRelay relay, String... options) {
    AgentCommand command = new AgentCommand(Map.of());
    String[] arguments = new String[options.length + 1];
    System.arraycopy(options, 0, arguments, 1, options.length);
    arguments[0] = "ws://127.0.0.1:" + relay.port() + "/agent/x";
    command.flags().parse(arguments);
    return new Agent(command.config(), new PrintStream(printed, true, StandardCharsets.UTF_8));
  }

  private String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }
}
