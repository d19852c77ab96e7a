package dev.converge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

final class ClientFlagsTest {
  private static final String URL = "ws://h/client/a";

  @Command
  static final class Demo {
    @Mixin ClientFlags flags = new ClientFlags();
  }

  private static ClientFlags parse(String... arguments) {
    Demo demo = new Demo();
    new CommandLine(demo).parseArgs(arguments);
    return demo.flags;
  }

  @Test
  void urlStaysAsItIsWithoutFlags() {
    assertThat(parse().endpoint(URL)).hasToString(URL);
    assertThat(parse().endpoint(URL + "?wait=7")).hasToString(URL + "?wait=7");
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "20, 20", "20s, 20", "1m, 60", "PT5S, 5"})
  void waitIsSecondsOrADuration(String value, int seconds) {
    assertThat(parse("--wait", value).endpoint(URL + "?wait=7"))
        .hasToString(URL + "?wait=" + seconds);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "-1", "99999999999999999999"})
  void waitThatIsNoDurationIsRefused(String value) {
    assertThatExceptionOfType(ParameterException.class).isThrownBy(() -> parse("--wait", value));
  }

  @Test
  void waitThatIsTooLongIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parse("--wait=61").endpoint(URL))
        .withMessage("wait: 61 s (expected: 0 to 60 seconds)");
  }
}
