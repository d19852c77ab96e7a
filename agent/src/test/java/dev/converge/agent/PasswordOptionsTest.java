package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.converge.cli.Failure;
import dev.converge.cli.Flag;
import dev.converge.cli.Flags;
import dev.converge.cli.TextConverter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PasswordOptionsTest {
  @TempDir Path folder;
  private final PrintStream stderr = System.err;
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Map<String, String> environment = new HashMap<>();
  private @Nullable String typed = "typed";
  private String url = "";

  @BeforeEach
  void capture() {
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void restore() {
    System.setErr(stderr);
  }

  private @Nullable String password(String... arguments) {
    var input = new ByteArrayInputStream("piped\nmore\n".getBytes(StandardCharsets.UTF_8));
    Flags flags = new Flags("agent", environment);
    var password =
        new PasswordOptions(flags, prompt -> typed == null ? null : typed.toCharArray(), input);
    Flag<String> parameter = flags.parameter("URL", new TextConverter(), "").orElse("none");
    flags.parse(arguments);
    url = parameter.value();
    return password.value();
  }

  private String file(String content, String permissions) throws IOException {
    Path file = Files.writeString(folder.resolve("secret"), content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    return "--password-file=" + file;
  }

  @Test
  void noneIsNone() {
    assertThat(password("ws://h")).isNull();
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void oneOnTheCommandLineIsTakenWithAWarningThatDoesNotRepeatIt() {
    assertThat(password("--password=s3cret", "ws://h")).isEqualTo("s3cret");
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "agent: warning: other users of this machine can see --password in ps; better:"
                + " CONVERGE_PASSWORD, --password-file FILE, or --password alone, which asks\n");
    assertThat(password("--password", "s3cret", "ws://h")).isEqualTo("s3cret");
    assertThat(password("--password=ws://x", "ws://h")).isEqualTo("ws://x");
  }

  @Test
  void oneInTheEnvironmentIsTakenWithoutAWarning() {
    environment.put("CONVERGE_PASSWORD", "s3cret");
    assertThat(password("ws://h")).isEqualTo("s3cret");
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void withoutAValueItIsAskedFor() {
    assertThat(password("ws://h", "--password")).isEqualTo("typed");
    assertThat(password("--password", "--", "ws://h")).isEqualTo("typed");
    assertThat(password("--password", "wss://h/agent/x")).isEqualTo("typed");
    assertThat(url).isEqualTo("wss://h/agent/x");
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void withoutATerminalItCannotBeAskedFor() {
    typed = null;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> password("ws://h", "--password"))
        .withMessage(
            "password: no terminal to ask on (expected: CONVERGE_PASSWORD or --password-file"
                + " FILE)");
  }

  @Test
  void firstLineOfAFileIsIt() throws IOException {
    assertThat(password(file("s3cret word\r\nmore\n", "rw-------"))).isEqualTo("s3cret word");
    assertThat(password("--password-file=-")).isEqualTo("piped");
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void fileThatOthersCanReadIsWarnedOf() throws IOException {
    assertThat(password(file("s3cret", "rw-r-----"))).isEqualTo("s3cret");
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("agent: warning: other users can read ")
        .contains("chmod 600")
        .hasLineCount(1);
  }

  @Test
  void fileWithoutAPasswordIsRefused() throws IOException {
    for (String content : new String[] {"", "\n", "\nsecond\n"}) {
      String option = file(content, "rw-------");
      assertThatExceptionOfType(Failure.class)
          .isThrownBy(() -> password(option))
          .withMessage("password file: nothing in the first line of " + folder.resolve("secret"));
    }
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> password("--password-file=" + folder.resolve("none")))
        .withMessage("password file: cannot read " + folder.resolve("none") + " (no such file)");
  }

  @Test
  void twoSourcesAreRefused() throws IOException {
    String file = file("s3cret", "rw-------");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> password(file, "--password=x"))
        .withMessageContaining("given twice");
    environment.put("CONVERGE_PASSWORD", "s3cret");
    assertThatIllegalArgumentException().isThrownBy(() -> password(file));
  }
}
