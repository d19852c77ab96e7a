package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.converge.cli.Failure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

final class PasswordOptionsTest {
  @TempDir Path folder;
  private final StringWriter err = new StringWriter();
  private @Nullable String typed = "typed";
  private @Nullable String fromEnvironment;

  @Command(name = "agent")
  private static final class Program {
    @Mixin private final PasswordOptions password;

    @Parameters(index = "0", defaultValue = "none")
    private String url = "";

    Program(PasswordOptions password) {
      this.password = password;
    }
  }

  private Program parse(String... arguments) {
    var input = new ByteArrayInputStream("piped\nmore\n".getBytes(StandardCharsets.UTF_8));
    var program =
        new Program(
            new PasswordOptions(prompt -> typed == null ? null : typed.toCharArray(), input));
    new CommandLine(program)
        .setDefaultValueProvider(
            option -> option.paramLabel().equals("PASSWORD") ? fromEnvironment : null)
        .setErr(new PrintWriter(err, true))
        .parseArgs(arguments);
    return program;
  }

  private @Nullable String password(String... arguments) {
    return parse(arguments).password.value();
  }

  private String file(String content, String permissions) throws IOException {
    Path file = Files.writeString(folder.resolve("secret"), content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    return "--password-file=" + file;
  }

  @Test
  void noneIsNone() {
    assertThat(password("ws://h")).isNull();
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void oneOnTheCommandLineIsTakenWithAWarningThatDoesNotRepeatIt() {
    assertThat(password("--password=s3cret", "ws://h")).isEqualTo("s3cret");
    assertThat(err.toString())
        .isEqualTo(
            "agent: warning: other users of this machine can see --password in ps; better:"
                + " CONVERGE_PASSWORD, --password-file FILE, or --password alone, which asks\n");
    assertThat(password("--password", "s3cret", "ws://h")).isEqualTo("s3cret");
    assertThat(password("--password=ws://x", "ws://h")).isEqualTo("ws://x");
  }

  @Test
  void oneInTheEnvironmentIsTakenWithoutAWarning() {
    fromEnvironment = "s3cret";
    assertThat(password("ws://h")).isEqualTo("s3cret");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void withoutAValueItIsAskedFor() {
    assertThat(password("ws://h", "--password")).isEqualTo("typed");
    assertThat(password("--password", "--", "ws://h")).isEqualTo("typed");
    Program program = parse("--password", "wss://h/agent/x");
    assertThat(program.password.value()).isEqualTo("typed");
    assertThat(program.url).isEqualTo("wss://h/agent/x");
    assertThat(err.toString()).isEmpty();
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
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void fileThatOthersCanReadIsWarnedOf() throws IOException {
    assertThat(password(file("s3cret", "rw-r-----"))).isEqualTo("s3cret");
    assertThat(err.toString())
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
    fromEnvironment = "s3cret";
    assertThatIllegalArgumentException().isThrownBy(() -> password(file));
  }
}
