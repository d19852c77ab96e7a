package dev.converge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.converge.tunnel.Endpoint;
import dev.converge.tunnel.Role;
import dev.converge.tunnel.TokenMint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenFlagsTest {
  private static final String VISIBLE =
      "demo: warning: --token shows the secret to everyone who can list processes; better give"
          + " --token-file or CONVERGE_TOKEN\n";

  private final PrintStream stderr = System.err;
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  @TempDir Path temp;
  private TokenMint mint;

  final class Demo implements Command {
    private final Flags flags;
    private final Flag<String> url;
    private final TokenFlags tokens;

    Demo(Map<String, String> environment) {
      flags = new Flags("demo", environment);
      url = flags.parameter("URL", new TextConverter(), "").orElse("wss://relay/client/x");
      tokens = new TokenFlags(flags);
    }

    @Override
    public Flags flags() {
      return flags;
    }

    @Override
    public int run() {
      mint = tokens.mint(Endpoint.parse(url.value(), Role.CLIENT));
      return ExitCode.OK;
    }
  }

  @BeforeEach
  void capture() {
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
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

  private void assertMintsWith(String secret) throws Exception {
    String[] token = mint.authorization().split("[ .]", -1);
    Mac mac = Mac.getInstance("HmacSHA512");
    mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA512"));
    byte[] signature = mac.doFinal((token[1] + "." + token[2]).getBytes(StandardCharsets.US_ASCII));
    assertThat(Base64.getUrlDecoder().decode(token[3])).isEqualTo(signature);
  }

  @Test
  void withoutASecretThereIsNoToken() {
    assertThat(run(Map.of())).isZero();
    assertThat(mint).isNull();
    assertThat(err).hasToString("");
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3cret", "a b", "${user.name}$${x}$$", "_NULL_", "ü€", "@x", "\"q\""})
  void secretOfTheEnvironmentIsTakenAsItIs(String secret) throws Exception {
    assertThat(run(Map.of("CONVERGE_TOKEN", secret))).isZero();
    assertMintsWith(secret);
    assertThat(err).hasToString("");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\r\n"})
  void lineEndBehindTheSecretIsNoPartOfIt(String end) throws Exception {
    assertThat(run(Map.of(), "--token-file", file("s3cret" + end))).isZero();
    assertMintsWith("s3cret");
    assertThat(run(Map.of("CONVERGE_TOKEN_FILE", file("other" + end)))).isZero();
    assertMintsWith("other");
    assertThat(err).hasToString("");
  }

  @Test
  void secretOnTheCommandLineIsWarnedAbout() throws Exception {
    assertThat(run(Map.of(), "--token=s3cret")).isZero();
    assertMintsWith("s3cret");
    assertThat(err).hasToString(VISIBLE);
  }

  @Test
  void commandLineCountsBeforeTheEnvironment() throws Exception {
    assertThat(run(Map.of("CONVERGE_TOKEN", "env"), "--token-file", file("file"))).isZero();
    assertMintsWith("file");
    assertThat(run(Map.of("CONVERGE_TOKEN_FILE", file("file")), "--token=typed")).isZero();
    assertMintsWith("typed");
  }

  @Test
  void twoSecretsAreRefused() throws Exception {
    assertThat(run(Map.of(), "--token=a", "--token-file", file("b"))).isEqualTo(2);
    assertThat(run(Map.of("CONVERGE_TOKEN", "a", "CONVERGE_TOKEN_FILE", file("b")))).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8).lines())
        .containsOnly(
            "demo: --token and --token-file: both are given (expected: one of them); see 'demo"
                + " --help'");
  }

  @Test
  void emptySecretIsAUsageError() throws Exception {
    assertThat(run(Map.of("CONVERGE_TOKEN", ""))).isEqualTo(2);
    assertThat(err).hasToString("demo: --token: the secret is empty; see 'demo --help'\n");
    assertThat(run(Map.of(), "--token=")).isEqualTo(2);
    assertThat(run(Map.of(), "--token-file", file("\n"))).isEqualTo(2);
  }

  @Test
  void fileThatCannotBeReadIsAFailure() throws Exception {
    assertThat(run(Map.of(), "--token-file=/none")).isEqualTo(1);
    assertThat(run(Map.of(), "--token-file", temp.toString())).isEqualTo(1);
    assertThat(run(Map.of(), "--token-file", file("x".repeat(65537)))).isEqualTo(1);
    assertThat(err)
        .hasToString(
            "demo: --token-file: /none: no such file\n"
                + ("demo: --token-file: " + temp + ": not readable\n")
                + ("demo: --token-file: " + temp.resolve("secret") + ": more than 65536 bytes\n"));
  }

  @ParameterizedTest
  @CsvSource({
    "ws://relay/client/x, true",
    "ws://10.0.0.1:4774/client/x, true",
    "ws://127.example/client/x, true",
    "wss://relay/client/x, false",
    "ws://localhost:4774/client/x, false",
    "ws://127.0.0.1/client/x, false",
    "ws://[::1]:1/client/x, false"
  })
  void tokenThatOthersCanReadOnTheWayIsWarnedAbout(String url, boolean warned) {
    assertThat(run(Map.of("CONVERGE_TOKEN", "s3cret"), url)).isZero();
    assertThat(err)
        .hasToString(
            warned
                ? "demo: warning: without TLS (wss://) whoever listens on the way to the relay can"
                    + " use a token for 30 s\n"
                : "");
  }
}
