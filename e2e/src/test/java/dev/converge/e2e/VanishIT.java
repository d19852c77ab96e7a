package dev.converge.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class VanishIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir Path temp;

  private static void awaitEnd(long pid) {
    Awaitility.await()
        .atMost(LIMIT)
        .until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
  }

  @ParameterizedTest
  @EnumSource
  void killedClientTakesItsProcessesWithItAndNothingElse(Route route) throws IOException {
    try (Stage stage = Stage.open(temp)) {
      Files.createFile(stage.work().resolve(".hold"));
      OpenSsh ssh = stage.via(route);
      try (Terminal terminal = Terminal.start(ssh.command("-tt"), 80, 24)) {
        terminal.type("sleep 3600 & echo pid $!\n").await("pid \\d+\\r");
        String pid = terminal.screen().replaceAll("(?s).*pid (\\d+)\\r.*", "$1");

        ProcessHandle.of(terminal.pid()).orElseThrow().destroyForcibly();

        awaitEnd(Long.parseLong(pid));
      }
      assertThat(ssh.ssh("echo still here").success()).isEqualTo("still here\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--resume-window=PT2S", "--no-resume"})
  void killedAgentEndsItsClientsWhenTheyHaveWaitedForIt(String patience) {
    try (Stage stage = Stage.open(temp);
        Child direct = stage.via(Route.WSPROXY, patience).ssh("echo ready; exec sleep 3600");
        Child local = stage.via(Route.TCPTOWS, patience).ssh("echo ready; exec sleep 3600")) {
      direct.awaitOut("ready");
      local.awaitOut("ready");

      stage.agent().child().handle().destroyForcibly();

      assertThat(direct.exit(LIMIT)).isEqualTo(255);
      assertThat(local.exit(LIMIT)).isEqualTo(255);
    }
  }

  @Test
  void sessionThatIsNotResumedInTimeEndsOnBothSidesWhichSayWhy() throws IOException {
    try (FaultyStage stage = FaultyStage.open(temp, "--resume-window", "PT2S");
        Child ssh =
            stage
                .ssh(stage.way(Route.WSPROXY, "--resume-window", "PT2S"))
                .ssh("echo $$; exec sleep 3600")) {
      long command = Long.parseLong(ssh.awaitOut("^(\\d+)$").group(1));

      stage.relay().kill();

      assertThat(ssh.exit(LIMIT)).isEqualTo(255);
      assertThat(ssh.err())
          .matches(
              """
              wsproxy: connection lost \\([^()]*\\); reconnecting for up to 2 s
              wsproxy: the session was not resumed within 2 s: .+
              [^\\n]+
              """);
      awaitEnd(command);
      stage.agent().child().awaitErr("client .* has gone after .*, and not back since");
    }
  }

  @Test
  void wsproxyThatHasNotResumedInTimeEndsWithOne() throws IOException {
    try (FaultyStage stage = FaultyStage.open(temp);
        Child wsproxy = stage.wsproxy("--quiet", "--resume-window", "PT1S")) {
      wsproxy.awaitOut("^SSH-2\\.0-");

      stage.agent().child().handle().destroyForcibly();

      assertThat(wsproxy.exit(LIMIT)).isEqualTo(1);
      assertThat(wsproxy.err())
          .isEqualTo(
              "wsproxy: the session was not resumed within 1 s: the agent's connection broke\n");
    }
  }

  @Test
  void killedWsproxyTakesItsProcessesWithItWhenTheAgentHasWaitedForIt() throws IOException {
    try (FaultyStage stage = FaultyStage.open(temp, "--resume-window", "PT2S");
        Child ssh = stage.ssh(stage.way(Route.WSPROXY)).ssh("echo $$; exec sleep 3600")) {
      long command = Long.parseLong(ssh.awaitOut("^(\\d+)$").group(1));

      ssh.handle().descendants().forEach(ProcessHandle::destroyForcibly);

      assertThat(ssh.exit(LIMIT)).isEqualTo(255);
      awaitEnd(command);
      stage.agent().child().awaitErr("it may come back for 2 s");
    }
  }

  @Test
  void endedAgentLeavesNoProcessBehind() {
    try (Stage stage = Stage.open(temp)) {
      Child ssh = stage.via(Route.WSPROXY).ssh("sleep 3600 & echo $!; exec sleep 3600");
      long background = Long.parseLong(ssh.awaitOut("^(\\d+)$").group(1));

      stage.agent().child().signal("TERM");

      assertThat(stage.agent().child().exit()).isEqualTo(143);
      awaitEnd(background);
      assertThat(ssh.exit()).isEqualTo(255);
    }
  }

  @Test
  void agentIsReachableAgainOnceItsRelayIs() {
    try (RelayProcess relay = RelayProcess.start();
        Stage stage = Stage.open(relay, temp)) {
      OpenSsh ssh = stage.via(Route.WSPROXY);
      ssh.ssh("true").success();

      relay.kill();
      stage.agent().child().awaitErr("(?i)lost");
      relay.startAgain();

      Awaitility.await().atMost(LIMIT).until(() -> ssh.ssh("true").exit() == 0);
    }
  }

  @Test
  void agentGivesUpOnARelayThatStaysAway() {
    try (RelayProcess relay = RelayProcess.start();
        Stage stage = Stage.open(relay, temp, "--connect-timeout", "PT3S")) {
      relay.kill();

      assertThat(stage.agent().child().exit()).isEqualTo(1);
      assertThat(stage.agent().child().err().lines().reduce((a, b) -> b).orElseThrow())
          .startsWith("agent: ");
    }
  }

  @Test
  void endedRelayTellsThoseWhoWait() {
    try (RelayProcess relay = RelayProcess.start("--max-clients-per-id", "1");
        Child waiting =
            Child.start(
                temp,
                Map.of(),
                List.of(Packaged.program("wsproxy"), "--wait", "60", relay.clientUrl("nobody")))) {
      // A second one is turned away once the first one waits.
      Awaitility.await()
          .atMost(LIMIT)
          .untilAsserted(
              () -> assertThat(relay.refusal("nobody", "")).as("%s", waiting).isEqualTo(429));

      relay.child().signal("TERM");

      assertThat(waiting.exit()).isEqualTo(1);
      assertThat(waiting.err()).isEqualTo("wsproxy: this relay is shutting down\n");
      assertThat(relay.child().exit(Duration.ofSeconds(10))).isEqualTo(143);
    }
  }
}
