package dev.converge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProgramTest {
  static final class Demo implements Command {
    private final Flags flags;
    private final Flag<Duration> longWait;
    private final Flag<String> fail;

    Demo(Map<String, String> environment) {
      flags = new Flags("demo", environment);
      longWait = flags.option("--long-wait", "TIME", new DurationConverter(), "").orElse("PT10S");
      fail = flags.option("--fail", "HOW", new TextConverter(), "").orElse("");
    }

    @Override
    public Flags flags() {
      return flags;
    }

    @Override
    public int run() {
      switch (fail.value()) {
        case "user" -> throw new Failure("no such\nhost");
        case "argument" -> throw new IllegalArgumentException("size: -1 (expected: >= 0)");
        case "bug" -> throw new IllegalStateException("oops");
        default -> {}
      }
      return ExitCode.OK;
    }
  }

  private final PrintStream stdout = System.out;
  private final PrintStream stderr = System.err;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Demo demo = new Demo(Map.of());

  @BeforeEach
  void capture() {
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void restore() {
    System.setOut(stdout);
    System.setErr(stderr);
  }

  @ParameterizedTest
  @CsvSource({"PT2M, 120", "90s, 90", "10m, 600", "2h30m, 9000", "1d, 86400", "pt1s, 1", "0s, 0"})
  void durationsAreIsoOrShort(String text, long seconds) {
    assertThat(new Program(demo, Map.of()).run("--long-wait", text)).isZero();
    assertThat(demo.longWait.value()).isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void wrongValueOfTheEnvironmentNamesItsVariable() {
    Map<String, String> environment = Map.of("CONVERGE_LONG_WAIT", "soon");

    assertThat(new Program(new Demo(environment), environment).run()).isEqualTo(2);
    assertThat(err)
        .hasToString(
            "demo: Invalid value for option '--long-wait' (CONVERGE_LONG_WAIT): 'soon' is not a"
                + " duration (expected: PT10M or 10m); see 'demo --help'\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-h", "--help", "-hV", "-Vh"})
  void helpIsPrintedAndNothingElseIsDone(String asked) {
    assertThat(new Program(demo, Map.of()).run("--fail=bug", asked)).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("Usage: demo [-hV] [--fail=HOW] ");
    assertThat(err.size()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-V", "--version"})
  void versionIsPrintedAndNothingElseIsDone(String asked) {
    assertThat(new Program(demo, Map.of()).run(asked, "--fail=bug")).isZero();
    assertThat(out).hasToString("demo (not packaged)\n");
    assertThat(err.size()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "--fail=user, 1, demo: no such host",
        "--fail=argument, 2, \"demo: size: -1 (expected: >= 0); see 'demo --help'\"",
        "--fail=bug, 1, demo: unexpected java.lang.IllegalStateException: oops",
        "--nope, 2, \"demo: Unknown option: '--nope'; see 'demo --help'\"",
        "--long-wait=-PT1S, 2, \"demo: Invalid value for option '--long-wait': '-PT1S' is not a"
            + " duration (expected: PT10M or 10m); see 'demo --help'\"",
      })
  void eachErrorIsOneLineWithItsExitCode(String argument, int code, String line) {
    assertThat(new Program(demo, Map.of()).run(argument)).isEqualTo(code);
    assertThat(err).hasToString(line + "\n");
  }
}
