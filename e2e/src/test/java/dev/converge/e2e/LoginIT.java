package dev.converge.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class LoginIT {
  @TempDir Path temp;

  @ParameterizedTest
  @EnumSource
  void keyOpensTheAgentAndAnotherKeyDoesNot(Route route) throws IOException {
    try (Stage stage = Stage.open(temp)) {
      OpenSsh ssh = stage.via(route);
      assertThat(ssh.ssh("whoami && pwd").success())
          .isEqualTo(System.getProperty("user.name") + "\n" + stage.work().toRealPath() + "\n");

      Path other = Keys.make(stage.home(), "other");
      try (Route.Way way = route.open(stage.relay(), stage.agent().id())) {
        Child refused = OpenSsh.withKey(stage.home(), way, other).ssh("true");
        assertThat(refused.exit()).isEqualTo(255);
        assertThat(refused.err()).contains("Permission denied (publickey)");

        Files.writeString(
            stage.home().resolve("authorized_keys"), Files.readString(Path.of(other + ".pub")));
        OpenSsh.withKey(stage.home(), way, other).ssh("true").success();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void passwordOpensTheAgentAndAnotherPasswordDoesNot(Route route) {
    Tool.require("ssh");
    RelayProcess relay = RelayProcess.common();
    try (AgentProcess agent =
            AgentProcess.start(
                relay, temp, RelayProcess.newId(), Map.of("CONVERGE_PASSWORD", "correct horse"));
        Route.Way way = route.open(relay, agent.id())) {
      OpenSsh right = OpenSsh.withPassword(temp, way, "correct horse");
      assertThat(right.ssh("echo \"[$CONVERGE_PASSWORD]\"").success()).isEqualTo("[]\n");

      Child refused = OpenSsh.withPassword(temp, way, "wrong horse").ssh("true");
      assertThat(refused.exit()).isEqualTo(255);
      assertThat(refused.err()).contains("Permission denied");
      assertThat(agent.child().out() + agent.child().err()).doesNotContain("correct horse");
    }
  }

  @Test
  void inventedPasswordIsPrintedAndOpensTheAgent() {
    Tool.require("ssh");
    RelayProcess relay = RelayProcess.common();
    try (AgentProcess agent = AgentProcess.start(relay, temp, RelayProcess.newId());
        Route.Way way = Route.WSPROXY.open(relay, agent.id())) {
      String password = agent.child().awaitOut("(?i)password:? +(\\S{16,})$").group(1);
      OpenSsh.withPassword(temp, way, password).ssh("true").success();
      assertThat(agent.child().err()).doesNotContain(password);
    }
  }

  @Test
  void anotherUserIsRefused() {
    try (Stage stage = Stage.open(temp)) {
      Child refused = stage.via(Route.WSPROXY).ssh("-oUser=root", "true");
      assertThat(refused.exit()).isEqualTo(255);
      assertThat(refused.err()).contains("Permission denied");
    }
  }

  @Test
  void everybodyIsTurnedAwayWithTheReasonAfterTwentyWrongPasswords() {
    Tool.require("ssh");
    RelayProcess relay = RelayProcess.common();
    try (AgentProcess agent =
            AgentProcess.start(
                relay, temp, RelayProcess.newId(), Map.of("CONVERGE_PASSWORD", "correct horse"));
        Route.Way way = Route.TCPTOWS.open(relay, agent.id())) {
      OpenSsh guesser = OpenSsh.withPassword(temp, way, "wrong horse");
      List<Child> guesses = IntStream.range(0, 20).mapToObj(i -> guesser.ssh("true")).toList();
      assertThat(guesses).allSatisfy(guess -> assertThat(guess.exit()).isEqualTo(255));

      Child refused = OpenSsh.withPassword(temp, way, "correct horse").ssh("true");
      assertThat(refused.exit()).isEqualTo(255);
      assertThat(refused.err())
          .containsPattern("too many failed logins; try again in [1-6][0-9]? s");
      assertThat(agent.child().err())
          .contains("20 failed logins within 1 minute: nobody is let in for 1 minute");
    }
  }

  @Test
  void passwordThatIsTypedAtThePromptIsNotShown() {
    Tool.require("ssh");
    RelayProcess relay = RelayProcess.common();
    String id = RelayProcess.newId();
    try (Terminal agent =
            Terminal.start(
                List.of(Packaged.program("agent"), "--linger=1m", "--password", relay.agentUrl(id)),
                200,
                50);
        Route.Way way = Route.WSPROXY.open(relay, id)) {
      agent.await("Password for those who enter: ").type("correct horse\n");
      agent.await("waiting for clients");
      Child inside =
          OpenSsh.withPassword(temp, way, "correct horse")
              .ssh("cat /proc/self/environ /proc/$PPID/cmdline");
      assertThat(inside.success())
          .contains("agentdir=", "--password")
          .doesNotContain("correct horse");
      assertThat(agent.screen()).doesNotContain("correct").doesNotContain("horse");
    }
  }

  @Test
  void passwordInAFileIsPrintedNowhereAndWithoutATerminalNoneIsAskedFor() throws IOException {
    try (Stage stage =
        Stage.open(
            temp,
            "--password-file",
            Files.writeString(temp.resolve("secret"), "pony\n").toString())) {
      stage.via(Route.WSPROXY).ssh("true").success();
      String all = stage.agent().child().out() + stage.agent().child().err();
      assertThat(all).doesNotContain("pony").doesNotContain("Password: ");
    }
    Child bare =
        Child.start(
            temp, Map.of(), List.of(Packaged.program("agent"), "ws://127.0.0.1:1", "--password"));
    assertThat(bare.exit()).isEqualTo(2);
    assertThat(bare.err()).startsWith("agent: password: no terminal to ask on").hasLineCount(1);
  }
}
