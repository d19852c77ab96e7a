package dev.converge.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.converge.cli.Command;
import dev.converge.cli.ExitCode;
import dev.converge.cli.Flags;
import dev.converge.cli.Program;
import dev.converge.cli.Secret;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenOptionsTest {
  private static final String LONG = Tokens.SECRET;
  private static final String VISIBLE =
      "demo: warning: %1$s shows the secret to everyone who can list processes; better give"
          + " %1$s-file or %2$s\n";

  private final PrintStream stderr = System.err;
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  @TempDir Path temp;
  private TokenSecrets secrets;

  final class Demo implements Command {
    private final Flags flags;
    private final TokenOptions tokens;

    Demo(Map<String, String> environment) {
      flags = new Flags("demo", environment);
      tokens = new TokenOptions(flags);
    }

    @Override
    public Flags flags() {
      return flags;
    }

    @Override
    public int run() {
      secrets = tokens.secrets();
      return ExitCode.OK;
    }
  }

  @BeforeEach
  void capture() {
    System.setErr(new PrintStream(err, true, UTF_8));
  }

  @AfterEach
  void restore() {
    System.setErr(stderr);
  }

  private int run(Map<String, String> environment, String... args) {
    return new Program(new Demo(environment), environment).run(args);
  }

  private String file(String text) throws IOException {
    return Files.writeString(temp.resolve("secret"), text).toString();
  }

  private static String text(Secret secret) {
    return secret == null ? null : new String(secret.bytes(), UTF_8);
  }

  private void assertSecrets(String agent, String client) {
    assertThat(text(secrets.agent())).isEqualTo(agent);
    assertThat(text(secrets.client())).isEqualTo(client);
  }

  @Test
  void withoutASecretEverybodyIsLetInWithoutAWord() {
    assertThat(run(Map.of())).isZero();
    assertSecrets(null, null);
    assertThat(err).hasToString("");
  }

  @ParameterizedTest
  @ValueSource(strings = {"CONVERGE_TOKEN", "CONVERGE_RPC_TOKEN"})
  void secretOfTheEnvironmentIsForBothSides(String variable) {
    assertThat(run(Map.of(variable, LONG))).isZero();
    assertSecrets(LONG, LONG);
    assertThat(secrets.agent()).isSameAs(secrets.client());
    assertThat(err).hasToString("");
    assertThat(secrets.toString()).doesNotContain(LONG);
  }

  @Test
  void secretOfAFileIsForBothSides() throws IOException {
    assertThat(run(Map.of(), "--token-file", file(LONG + "\n"))).isZero();
    assertSecrets(LONG, LONG);
    assertThat(err).hasToString("");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--token", "--rpc-token"})
  void secretOnTheCommandLineIsWarnedAbout(String name) {
    assertThat(run(Map.of(), name + "=" + LONG)).isZero();
    assertSecrets(LONG, LONG);
    assertThat(err).hasToString(VISIBLE.formatted("--token", "CONVERGE_TOKEN"));
  }

  @Test
  void secretOfOneSideCountsBeforeTheCommonOne() {
    Map<String, String> environment =
        Map.of("CONVERGE_TOKEN", LONG, "CONVERGE_AGENT_TOKEN", LONG + "agents");
    assertThat(run(environment)).isZero();
    assertSecrets(LONG + "agents", LONG);
    assertThat(run(Map.of("CONVERGE_TOKEN", LONG, "CONVERGE_CLIENT_TOKEN", LONG + "clients")))
        .isZero();
    assertSecrets(LONG, LONG + "clients");
    assertThat(err).hasToString("");
  }

  @Test
  void sideThatIsLeftOpenIsWarnedAbout() throws IOException {
    assertThat(run(Map.of(), "--agent-token-file", file(LONG))).isZero();
    assertSecrets(LONG, null);
    assertThat(run(Map.of(), "--client-token-file", file(LONG))).isZero();
    assertSecrets(null, LONG);
    assertThat(err)
        .hasToString(
            """
            demo: warning: only agents need a token; every client is let in
            demo: warning: only clients need a token; every agent is let in
            """);
  }

  @Test
  void shortSecretIsTakenButWarnedAbout() {
    assertThat(run(Map.of("CONVERGE_TOKEN", "s".repeat(32)))).isZero();
    assertThat(err).hasToString("");
    assertThat(run(Map.of("CONVERGE_TOKEN", "s".repeat(31)))).isZero();
    assertSecrets("s".repeat(31), "s".repeat(31));
    assertThat(err)
        .hasToString(
            "demo: warning: --token: 31 bytes can be guessed (expected: >= 32, better 64)\n");
  }

  @Test
  void emptySecretLetsNobodyInByMistake() throws IOException {
    assertThat(run(Map.of("CONVERGE_TOKEN", ""))).isEqualTo(2);
    assertThat(run(Map.of(), "--rpc-token=")).isEqualTo(2);
    assertThat(run(Map.of(), "--client-token=")).isEqualTo(2);
    assertThat(run(Map.of(), "--agent-token-file", file("\r\n"))).isEqualTo(2);
    assertThat(run(Map.of("CONVERGE_TOKEN", "a", "CONVERGE_TOKEN_FILE", file("b")))).isEqualTo(2);
    assertThat(run(Map.of(), "--client-token-file=/none")).isEqualTo(1);
    assertThat(secrets).isNull();
    assertThat(err.toString(UTF_8))
        .contains("demo: --token: the secret is empty; see 'demo --help'\n")
        .contains("demo: --client-token: the secret is empty; ")
        .contains("demo: --client-token-file: /none: no such file\n")
        .hasLineCount(6);
  }
}
