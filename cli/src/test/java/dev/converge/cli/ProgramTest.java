package dev.converge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

final class ProgramTest {
  @Command(name = "demo", mixinStandardHelpOptions = true)
  static final class Demo implements Callable<Integer> {
    @Option(names = "--long-wait", defaultValue = "PT10S")
    Duration longWait = Duration.ZERO;

    @Option(names = {"--word", "--other-word"})
    String word = "";

    @Option(names = "--fail")
    String fail = "";

    @Option(names = "--name", split = "\n")
    List<String> names = new ArrayList<>();

    @Option(names = "--file", split = "\n")
    List<Path> files = new ArrayList<>();

    @Override
    public Integer call() {
      switch (fail) {
        case "user" -> throw new Failure("no such\nhost");
        case "argument" -> throw new IllegalArgumentException("size: -1 (expected: >= 0)");
        case "bug" -> throw new IllegalStateException("oops");
        default -> {}
      }
      return ExitCode.OK;
    }
  }

  private final Demo demo = new Demo();

  @ParameterizedTest
  @CsvSource({"PT2M, 120", "90s, 90", "10m, 600", "2h30m, 9000", "1d, 86400", "pt1s, 1", "0s, 0"})
  void durationsAreIsoOrShort(String text, long seconds) {
    assertThat(new Program(demo, Map.of()).run("--long-wait", text)).isZero();
    assertThat(demo.longWait).isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void environmentStandsInForAFlagThatWasNotGiven() {
    Map<String, String> environment = Map.of("CONVERGE_LONG_WAIT", "3s", "CONVERGE_HELP", "true");

    assertThat(new Program(demo, environment).run()).isZero();
    assertThat(demo.longWait).isEqualTo(Duration.ofSeconds(3));

    assertThat(new Program(demo, environment).run("--long-wait=4s")).isZero();
    assertThat(demo.longWait).isEqualTo(Duration.ofSeconds(4));
  }

  @Test
  void flagThatCanBeRepeatedIsAListInTheEnvironment() {
    Map<String, String> environment =
        Map.of("CONVERGE_NAME", " a, b c\n,d\n", "CONVERGE_FILE", "/my dir/x, /y\n/z,");

    assertThat(new Program(demo, environment).run()).isZero();
    assertThat(demo.names).containsExactly("a", "b", "c", "d");
    assertThat(demo.files).containsExactly(Path.of("/my dir/x"), Path.of("/y"), Path.of("/z"));

    assertThat(new Program(demo, environment).run("--name=p,q r", "--name=s")).isZero();
    assertThat(demo.names).containsExactly("p,q r", "s");

    assertThat(new Program(demo, Map.of("CONVERGE_NAME", "")).run()).isZero();
    assertThat(demo.names).as("set to nothing is not unset").containsExactly("");
  }

  @Test
  void eachNameOfAFlagHasAVariable() {
    assertThat(new Program(demo, Map.of("CONVERGE_OTHER_WORD", "b")).run()).isZero();
    assertThat(demo.word).isEqualTo("b");
    assertThat(new Program(demo, Map.of("CONVERGE_OTHER_WORD", "b", "CONVERGE_WORD", "${a}")).run())
        .isZero();
    assertThat(demo.word).isEqualTo("${a}");
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
    PrintStream stderr = System.err;
    ByteArrayOutputStream captured = new ByteArrayOutputStream();
    System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
    try {
      assertThat(new Program(demo, Map.of()).run(argument)).isEqualTo(code);
    } finally {
      System.setErr(stderr);
    }
    assertThat(captured.toString(StandardCharsets.UTF_8)).isEqualTo(line + "\n");
  }
}
