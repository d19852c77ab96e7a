package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.converge.cli.Program;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AgentCommandTest {
  @TempDir Path temp;

  @Test
  void relayAloneIsGivenANewId() {
    String one = parse("wss://relay").link().endpoint().toString();
    String other = parse("wss://relay/").link().endpoint().toString();

    assertThat(one).matches("wss://relay/agent/[a-z0-9]{31}").isNotEqualTo(other);
  }

  @Test
  void idStandsInTheUrlOrInItsOption() {
    assertThat(parse("ws://h:1/agent/x").link().endpoint()).hasToString("ws://h:1/agent/x");
    assertThat(parse("--id=x", "ws://h:1").link().endpoint()).hasToString("ws://h:1/agent/x");
    assertThatIllegalArgumentException().isThrownBy(() -> parse("--id=y", "ws://h:1/agent/x"));
    assertThatIllegalArgumentException().isThrownBy(() -> parse("--id=a/b", "ws://h:1"));
    assertThatIllegalArgumentException().isThrownBy(() -> parse("h:1"));
  }

  @Test
  void passwordIsMadeIfNobodyCouldLogInOtherwise() {
    AgentConfig made = parse("ws://h");

    assertThat(made.madePassword()).matches("([a-z2-9]{5}-){4}[a-z2-9]{5}");
    assertThat(made.ssh().password()).isEqualTo(made.madePassword());
    assertThat(parse("--password=p", "ws://h").madePassword()).isNull();
    assertThat(parse("--authorized-keys=f", "ws://h").ssh().password()).isNull();
    assertThat(made.toString()).doesNotContain(String.valueOf(made.madePassword()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--authorized-keys=f",
        "--authorized-keys-url=https://h/k",
        "--github-user=u",
        "--gitlab-user=u",
        "--trusted-user-ca=f"
      })
  void keysOfAnyKindStandInForAPassword(String option) {
    assertThat(parse(option, "ws://h").madePassword()).isNull();
    assertThat(parse(option, "ws://h").ssh().password()).isNull();
    assertThat(parse(option, "--password=p", "ws://h").ssh().password()).isEqualTo("p");
  }

  @Test
  void keysAddUp() {
    KeyConfig keys =
        parse(
                "--authorized-keys=f",
                "--authorized-keys=my file,g",
                "--authorized-keys-url=https://h/k",
                "--github-user=a",
                "--github-user=b",
                "--github-url=https://github.example.com/",
                "--gitlab-user=c",
                "--trusted-user-ca=ca",
                "--authorized-principals=dev,ops",
                "ws://h")
            .ssh()
            .keys();

    assertThat(keys.files()).containsExactly(Path.of("f"), Path.of("my file,g"));
    assertThat(keys.urls().stream().map(url -> url.uri().toString()))
        .containsExactly(
            "https://h/k",
            "https://github.example.com/a.keys",
            "https://github.example.com/b.keys",
            "https://gitlab.com/c.keys");
    assertThat(keys.authorities()).containsExactly(Path.of("ca"));
    assertThat(keys.principals()).containsExactly("dev", "ops");
    assertThat(parse("--trusted-user-ca=ca", "ws://h").ssh().keys().principals())
        .containsExactly("abc");
  }

  @Test
  void settingsOfOursDoNotReachTheShells() {
    AgentCommand command =
        new AgentCommand(
            Map.of(
                "CONVERGE_PASSWORD", "p",
                "CONVERGE_TOKEN", "t",
                "CONVERGE_TOKEN_FILE", "/f",
                "PATH", "/bin"));
    command.flags().parse("--token=t", "ws://h");

    assertThat(command.config().ssh().environment()).isEqualTo(Map.of("PATH", "/bin"));
  }

  @Test
  void secretOfTheRelayMakesTokensAndIsNotShown() throws IOException {
    Path file = Files.writeString(temp.resolve("secret"), "s3cret\n");
    AgentConfig config = parse("--token-file", file.toString(), "wss://h");

    assertThat(config.link().tokens()).isNotNull();
    assertThat(config.toString() + config.link()).doesNotContain("s3cret");
    assertThat(parse("wss://h").link().tokens()).isNull();
    assertThatIllegalArgumentException().isThrownBy(() -> parse("--token=", "wss://h"));
  }

  @Test
  void optionsReachTheirConfigs() {
    AgentConfig config =
        parse(
            "--exit-on=first-exit",
            "--max-duration=PT3H",
            "--connect-timeout=PT1S",
            "--resume-window=90s",
            "--no-forwarding",
            "--shell=/bin/zsh",
            "--host-key=k",
            "ws://h");

    assertThat(config.clock())
        .isEqualTo(
            new ClockConfig(
                Duration.ofMinutes(10),
                Duration.ofSeconds(10),
                Duration.ofMinutes(2),
                Duration.ofHours(3),
                ExitOn.FIRST_EXIT));
    assertThat(config.link().connectTimeout()).isEqualTo(Duration.ofSeconds(1));
    assertThat(config.resume().window()).hasSeconds(90);
    assertThat(parse("ws://h").resume()).isEqualTo(ResumeConfig.within(Duration.ofMinutes(5)));
    assertThat(parse("--resume-window=0s", "ws://h").resume().window()).isZero();
    assertThat(config.ssh().forwarding()).isFalse();
    assertThat(config.ssh().shell()).isEqualTo("/bin/zsh");
    assertThat(config.ssh().hostKey()).isEqualTo(Path.of("k"));
    assertThat(config.ssh().directory()).isEqualTo(Path.of("").toAbsolutePath());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | Missing required parameter: 'URL'",
        "ftp://h | expected: ws[s]://HOST[:PORT]/agent/ID",
        "ws://h/agent/a%20b | ID: 'a%20b' (expected: 1 to 128 of A-Z a-z 0-9 . _ -)",
        "--expiry=0s ws://h | expiry: PT0S (expected: more than 0)",
        "--resume-window=5 ws://h | is not a duration (expected: PT10M or 10m)",
        "--resume-window=4000d ws://h | resume-window: PT96000H (expected: at most 10 years)",
        "--exit-on=never ws://h | (expected: first-exit or last-exit)",
        "--github-user=a/b ws://h | GitHub user: 'a/b' (expected: 1 to 255 of A-Z a-z 0-9",
        "--gitlab-user= ws://h | GitLab user: '' (expected: ",
        "--github-url=http://h --github-user=a ws://h | URL of keys: 'http://h/a.keys' (expected: h",
        "--authorized-keys-url=http://h/k ws://h | URL of keys: 'http://h/k' (expected: https://HOST",
        "--authorized-principals=x ws://h | (expected: --trusted-user-ca with it)",
        "--authorized-principals=x,,y --trusted-user-ca=f ws://h | (expected: NAME,NAME...)",
        "--nope ws://h | Unknown option: '--nope'",
      })
  void wrongCallIsOneLineAndTwo(String arguments, String message) {
    PrintStream stderr = System.err;
    ByteArrayOutputStream captured = new ByteArrayOutputStream();
    System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
    try {
      String[] args = arguments.isEmpty() ? new String[0] : arguments.split(" ", -1);
      assertThat(new Program(new AgentCommand(Map.of()), Map.of()).run(args)).isEqualTo(2);
    } finally {
      System.setErr(stderr);
    }
    assertThat(captured.toString(StandardCharsets.UTF_8)).contains(message).hasLineCount(1);
  }

  private static AgentConfig parse(String... args) {
    AgentCommand command = new AgentCommand(Map.of());
    command.flags().parse(args);
    return command.config();
  }
}
