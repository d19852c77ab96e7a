package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.keyverifier.AcceptAllServerKeyVerifier;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.apache.sshd.common.util.buffer.Buffer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
final class CommandIT {
  private static final int MIB = 1024 * 1024;

  @TempDir Path folder;
  private SshFixture fixture;

  @BeforeEach
  void start() throws Exception {
    fixture = new SshFixture(folder);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void outputErrorAndInputAreKeptApart() throws Exception {
    var result = fixture.ssh("in\n", "cat; echo error >&2");
    assertThat(result.output()).isEqualTo("in\n");
    assertThat(result.error()).isEqualTo("error\n");
    assertThat(result.code()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"true,0", "false,1", "exit 137,137", "exit 255,255", "no-such-program,127"})
  void exitCodeIsExact(String command, int code) throws Exception {
    assertThat(fixture.ssh(command).code()).isEqualTo(code);
  }

  @Test
  void deathBySignalIsToldAsSuch() throws Exception {
    var verbose = fixture.sshCommand("-vv", "abc@127.0.0.1", "kill -9 $$");
    var result = fixture.execute(verbose, Map.of(), "");
    assertThat(result.error()).contains("exit-signal").doesNotContain("rtype exit-status");
    assertThat(result.code()).isEqualTo(255);
  }

  /** OpenSSH's client never sends one (RFC 4254, section 6.9). */
  @Test
  void signalOfTheClientReachesTheCommand() throws Exception {
    try (SshClient client = SshClient.setUpDefaultClient()) {
      client.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
      client.start();
      var session =
          client
              .connect(Login.USER, "127.0.0.1", fixture.server.port())
              .verify(Duration.ofSeconds(20))
              .getSession();
      session.setKeyIdentityProvider(new FileKeyPairProvider(folder.resolve("key")));
      session.auth().verify(Duration.ofSeconds(20));
      var out = new ByteArrayOutputStream();
      try (var channel =
          session.createExecChannel(
              "trap 'echo got; exit 3' USR1; echo ready; while :; do sleep 0.05; done")) {
        channel.setOut(out);
        channel.open().verify(Duration.ofSeconds(20));
        Awaitility.await().until(() -> out.toString(StandardCharsets.UTF_8).equals("ready\n"));
        for (String signal : List.of("no-such-signal", "USR1")) {
          Buffer request = session.createBuffer(SshConstants.SSH_MSG_CHANNEL_REQUEST);
          request.putUInt(channel.getRecipient());
          request.putString("signal");
          request.putBoolean(false);
          request.putString(signal);
          session.writePacket(request);
        }
        channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), Duration.ofSeconds(20));
        assertThat(channel.getExitStatus()).isEqualTo(3);
      }
      assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("ready\ngot\n");
    }
  }

  @Test
  void backgroundedChildDoesNotHoldTheSession() throws Exception {
    var result = fixture.ssh("sleep 1000 & echo started");
    assertThat(result.output()).isEqualTo("started\n");
  }

  @Test
  void whatWasWrittenBeforeTheExitArrives() throws Exception {
    var result = fixture.ssh("sleep 1000 & head -c 60000 /dev/zero");
    assertThat(result.bytes()).hasSize(60000);
  }

  @Test
  void noisyBackgroundedChildDoesNotHoldTheSessionEither() throws Exception {
    assertThat(fixture.ssh("yes & echo started >&2").error()).isEqualTo("started\n");
  }

  @Test
  void sixtyFourMebibytesGoThroughCat() throws Exception {
    Path blob = blob(64 * MIB);
    var result = fixture.execute(fixture.sshCommand("abc@127.0.0.1", "cat"), Map.of(), blob);
    assertThat(result.bytes()).isEqualTo(Files.readAllBytes(blob));
  }

  @Test
  void keysAreExchangedAnewInTheMiddle() throws Exception {
    Path blob = blob(16 * MIB);
    // Not the default exchange: the client repeats it often, and that one costs it a lot.
    var result =
        fixture.execute(
            fixture.sshCommand(
                "-o",
                "KexAlgorithms=curve25519-sha256",
                "-o",
                "RekeyLimit=4M",
                "abc@127.0.0.1",
                "cat"),
            Map.of(),
            blob);
    assertThat(result.bytes()).isEqualTo(Files.readAllBytes(blob));
  }

  @Test
  void muchErrorOutputArrives() throws Exception {
    var result = fixture.ssh("head -c 8000000 /dev/zero >&2");
    assertThat(result.error()).hasSize(8_000_000);
  }

  @Test
  void inputThatNobodyReadsHoldsUpNothing() throws Exception {
    Path blob = blob(16 * MIB);
    var result =
        fixture.execute(
            fixture.sshCommand("abc@127.0.0.1", "exec <&-; sleep 1; echo done"), Map.of(), blob);
    assertThat(result.output()).isEqualTo("done\n");
  }

  @Test
  void stalledClientStopsItsCommandAndNobodyElses() throws Exception {
    Path progress = fixture.work.resolve("progress");
    Process stalled =
        new ProcessBuilder(
                fixture.sshCommand(
                    "abc@127.0.0.1",
                    "for i in $(seq 64); do head -c 1048576 /dev/zero; echo $i > progress; done"))
            .start();
    try {
      // Nobody reads the client's standard output: its pipe, windows and sockets fill up.
      Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(progress));
      List<CompletableFuture<Integer>> others = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        others.add(CompletableFuture.supplyAsync(this::eightMebibytes));
      }
      for (CompletableFuture<Integer> other : others) {
        assertThat(other.get()).isEqualTo(8 * MIB);
      }
      assertThat(Integer.parseInt(Files.readString(progress).trim())).isLessThan(32);
      assertThat(stalled.isAlive()).isTrue();
    } finally {
      stalled.destroyForcibly();
    }
  }

  private int eightMebibytes() {
    try {
      return fixture.ssh("head -c 8388608 /dev/zero").bytes().length;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void acceptedVariablesArriveAndOthersDoNot() throws Exception {
    var result =
        fixture.execute(
            fixture.sshCommand(
                "-o",
                "SendEnv=LC_* LANG BASH_ENV LD_PRELOAD",
                "abc@127.0.0.1",
                "echo $LANG $LC_CTYPE $BASH_ENV $LD_PRELOAD"),
            Map.of("LANG", "de_DE.UTF-8", "LC_CTYPE", "C", "BASH_ENV", "evil"),
            "");
    assertThat(result.output()).isEqualTo("de_DE.UTF-8 C\n");
  }

  @Test
  void secretsOfTheAgentAreNotInTheEnvironment() throws Exception {
    assertThat(fixture.ssh("env").output()).doesNotContain("not for children");
  }

  @Test
  void descriptorsOfTheAgentAreNotInherited() throws Exception {
    // Three standard ones, and the one with which ls reads.
    assertThat(fixture.ssh("ls /proc/self/fd").output().trim().split("\\s+")).hasSize(4);
  }

  @Test
  void inputIsCounted() throws Exception {
    fixture.ssh("some input", "cat");
    assertThat(fixture.events.inputs.get()).isPositive();
  }

  @Test
  void oneConnectionServesManyCommands() throws Exception {
    Path control = folder.resolve("ctl");
    var master = fixture.sshCommand("-M", "-N", "-f", "-S", control.toString(), "abc@127.0.0.1");
    assertThat(fixture.execute(master, Map.of(), "").code()).isZero();
    for (int i = 0; i < 20; i++) {
      var shared = List.of("ssh", "-F", "/dev/null", "-S", control.toString(), "x", "exit " + i);
      assertThat(fixture.execute(shared, Map.of(), "").code()).isEqualTo(i);
    }
    fixture.execute(List.of("ssh", "-S", control.toString(), "-O", "exit", "x"), Map.of(), "");
    Awaitility.await().until(() -> fixture.events.clients.size(), size -> size == 2);
    assertThat(fixture.events.clients.get(1)).startsWith("left ");
  }

  private Path blob(int size) throws IOException {
    byte[] bytes = new byte[size];
    new Random(7).nextBytes(bytes);
    return Files.write(folder.resolve("blob"), bytes);
  }
}
