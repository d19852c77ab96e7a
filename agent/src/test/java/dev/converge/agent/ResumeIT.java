package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.converge.cli.Failure;
import dev.converge.tunnel.StreamLimits;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ClientChannel;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.keyverifier.AcceptAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An agent and an SSH client whose connection breaks. */
@Timeout(60)
final class ResumeIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path folder;
  private FakeRelay relay;
  private SshClient ssh;
  private ServerSocket door;
  private ResumingClient client;
  private Socket inner;
  private CompletableFuture<Integer> exit;
  private Agent agent;

  @BeforeEach
  void start() throws IOException {
    relay = new FakeRelay();
    door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    client =
        new ResumingClient(
            StreamLimits.DEFAULT,
            (bytes, offset, length) -> inner.getOutputStream().write(bytes, offset, length));
    ssh = SshClient.setUpDefaultClient();
    ssh.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
    ssh.start();
  }

  @AfterEach
  void stop() throws IOException {
    agent.close("The test is over.");
    ssh.stop();
    client.close();
    door.close();
    relay.close();
  }

  private ClientSession enter(String... options) throws Exception {
    AgentCommand command = new AgentCommand(Map.of());
    String[] arguments = new String[options.length + 2];
    System.arraycopy(options, 0, arguments, 2, options.length);
    arguments[0] = "ws://127.0.0.1:" + relay.port() + "/agent/x";
    arguments[1] = "--password=secret";
    command.flags().parse(arguments);
    agent = new Agent(command.config(), new PrintStream(new ByteArrayOutputStream()));
    exit = CompletableFuture.supplyAsync(agent::run);

    var connecting = ssh.connect(Login.USER, "127.0.0.1", door.getLocalPort());
    inner = door.accept();
    client.connect(relay.slot(), "a:1");
    client.pump(inner.getInputStream());
    ClientSession session = connecting.verify(PATIENCE).getSession();
    session.addPasswordIdentity("secret");
    session.auth().verify(PATIENCE);
    return session;
  }

  private record Remote(ClientChannel channel, ByteArrayOutputStream out) {
    byte[] output() {
      assertThat(channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), PATIENCE))
          .contains(ClientChannelEvent.CLOSED);
      return out.toByteArray();
    }
  }

  private static Remote exec(ClientSession session, String command, InputStream in)
      throws IOException {
    ClientChannel channel = session.createExecChannel(command);
    channel.setIn(in);
    var out = new ByteArrayOutputStream();
    channel.setOut(out);
    channel.setErr(new ByteArrayOutputStream());
    channel.open().verify(PATIENCE);
    return new Remote(channel, out);
  }

  @Test
  void commandGoesOnThroughManyCuts() throws Exception {
    byte[] all = new byte[8 << 20];
    new Random(1).nextBytes(all);
    ClientSession session = enter("--linger=PT0.1S");
    Remote cat = exec(session, "cat", new ByteArrayInputStream(all));
    for (int cut = 1; cut <= 10; cut++) {
      int enough = all.length / 12 * cut;
      await().pollInterval(Duration.ofMillis(1)).until(() -> cat.out.size() > enough);
      client.cut();
      client.connect(relay.slot(), "a:" + cut);
    }

    assertThat(cat.output()).isEqualTo(all);
    assertThat(cat.channel.getExitStatus()).isZero();
    assertThat(client.resumed()).isGreaterThan(5);
    session.close();
    assertThat(exit.get(20, TimeUnit.SECONDS)).isZero();
    assertThat(client.isFinished()).isTrue();
  }

  @Test
  void commandWaitsWhileItsClientIsAwayAndThenGoesOn() throws Exception {
    Path progress = folder.resolve("progress");
    ClientSession session = enter();
    Remote endless =
        exec(
            session,
            "i=0; while head -c 65536 /dev/zero; do i=$((i+1)); echo $i > " + progress + "; done",
            InputStream.nullInputStream());
    await().until(() -> Files.exists(progress));
    client.cut();
    String stopped = awaitStandstill(progress);

    client.connect(relay.slot(), "a:2");

    await().until(() -> !Files.readString(progress).equals(stopped));
    endless.channel.close(true);
    session.close();
  }

  private static String awaitStandstill(Path file) {
    String[] last = {""};
    await()
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              String before = last[0];
              last[0] = Files.readString(file);
              return last[0].equals(before);
            });
    return last[0];
  }

  @Test
  void clientThatIsAwayCountsAsLoggedIn() throws Exception {
    ClientSession session = enter("--linger=PT0S", "--resume-window=PT20S");
    client.cut();
    assertThatExceptionOfType(TimeoutException.class)
        .isThrownBy(() -> exit.get(300, TimeUnit.MILLISECONDS));

    client.connect(relay.slot(), "a:2");

    assertThat(exec(session, "echo back", InputStream.nullInputStream()).output())
        .asString()
        .isEqualTo("back\n");
    session.close();
    assertThat(exit.get(20, TimeUnit.SECONDS)).isZero();
  }

  @Test
  void clientThatDoesNotComeBackHasLeft() throws Exception {
    ClientSession session = enter("--linger=PT0S", "--resume-window=PT0.2S");
    Path pid = folder.resolve("pid");
    exec(session, "echo $$ > " + pid + "; exec sleep 1000", InputStream.nullInputStream());
    await().until(() -> Files.exists(pid) && Files.readString(pid).endsWith("\n"));
    var sleeping = ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
    client.cut();

    assertThat(exit.get(20, TimeUnit.SECONDS)).isZero();
    await().until(() -> !sleeping.isAlive());
  }

  @Test
  void clockGoesOnWhileNobodyIsThere() throws Exception {
    enter("--expiry=PT2S");
    client.cut();

    assertThat(exit.get(10, TimeUnit.SECONDS)).isZero();
    assertThat(client.ended).isNotDone();
  }

  @Test
  void clientIsToldOfTheAgentsEnd() throws Exception {
    ClientSession session = enter();
    client.cut();
    client.connect(relay.slot(), "a:2");
    await().until(() -> client.resumed() == 1);
    long start = System.nanoTime();

    agent.end("Enough.");

    assertThat(client.ended.get(10, TimeUnit.SECONDS).isNormal()).isTrue();
    assertThat(exit.get(20, TimeUnit.SECONDS)).isZero();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    await().until(session::isClosed);
    assertThat(client.isFinished()).isTrue();
  }

  @Test
  void agentStaysUntilItsClientHasHeardTheEnd() throws Exception {
    ClientSession session = enter();
    var farewell = new CompletableFuture<String>();
    session.addSessionListener(
        new SessionListener() {
          @Override
          public void sessionDisconnect(
              Session from, int reason, String message, String language, boolean initiator) {
            farewell.complete(message);
          }
        });
    var slowToAnswer = client.ended.thenRun(this::awaitAgentThatWouldNotWait);

    agent.end("Enough.");

    slowToAnswer.get(10, TimeUnit.SECONDS);
    assertThat(farewell.get(10, TimeUnit.SECONDS)).isEqualTo("Enough.");
    assertThat(exit.get(20, TimeUnit.SECONDS)).isZero();
    await().until(client::isFinished);
  }

  private void awaitAgentThatWouldNotWait() {
    assertThatExceptionOfType(TimeoutException.class)
        .isThrownBy(() -> exit.get(300, TimeUnit.MILLISECONDS));
  }

  @Test
  void lostRelayIsGivenUpOnlyWhenTheClientIsNotExpectedAnyMore() throws Exception {
    enter("--connect-timeout=PT0.1S", "--resume-window=PT1S");
    relay.close();
    long lost = System.nanoTime();

    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> exit.get(20, TimeUnit.SECONDS))
        .withCauseInstanceOf(Failure.class)
        .withMessageContaining("tried for");
    assertThat(Duration.ofNanos(System.nanoTime() - lost)).isGreaterThan(Duration.ofMillis(900));
  }
}
