package dev.converge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.converge.tunnel.Endpoint;
import dev.converge.tunnel.Role;
import dev.converge.tunnel.TlsConfig;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TlsFlagsTest {
  private final PrintStream stderr = System.err;
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void capture() {
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void restore() {
    System.setErr(stderr);
  }

  private static TlsConfig parse(Map<String, String> environment, String... arguments) {
    Flags flags = new Flags("demo", environment);
    ClientFlags client = new ClientFlags(flags);
    flags.parse(arguments);
    return client.options(Endpoint.parse("wss://relay/client/x", Role.CLIENT), Map.of()).tls();
  }

  private static TlsConfig parse(String... arguments) {
    return parse(Map.of(), arguments);
  }

  @Test
  void filesArePassedOn() {
    assertThat(parse("--ca-file=ca", "--cert-file=cert", "--key-file=key"))
        .isEqualTo(new TlsConfig(Path.of("ca"), Path.of("cert"), Path.of("key"), false));
    assertThat(parse(Map.of("CONVERGE_CA_FILE", "ca")))
        .isEqualTo(TlsConfig.trusting(Path.of("ca")));
    assertThat(err.size()).isZero();
  }

  @Test
  void insecureIsWarnedAbout() {
    assertThat(parse("--insecure").insecure()).isTrue();
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("demo: warning: --insecure: the relay's certificate is not verified")
        .hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--token=x", "--token-file=x"})
  void insecureIsRefusedWithAToken(String token) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parse("--insecure", token))
        .withMessageStartingWith("--insecure: with " + token.replace("=x", "") + " (expected: ");
    assertThat(err.size()).isZero();
  }

  @Test
  void insecureIsRefusedWithATokenOfTheEnvironment() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parse(Map.of("CONVERGE_TOKEN", "x", "CONVERGE_INSECURE", "true")))
        .withMessageStartingWith("--insecure: with --token ");
  }
}
