package dev.converge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.converge.tunnel.Resumption;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ClientFlagsTest {
  private static final String URL = "ws://h/client/a";

  private static ClientFlags parse(String... arguments) {
    Flags flags = new Flags("demo", Map.of());
    ClientFlags client = new ClientFlags(flags);
    flags.parse(arguments);
    return client;
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
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parse("--wait", value))
        .withMessageStartingWith("Invalid value for option '--wait': ");
  }

  @Test
  void waitThatIsTooLongIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parse("--wait=61").endpoint(URL))
        .withMessage("wait: 61 s (expected: 0 to 60 seconds)");
  }

  private static @Nullable Resumption resumption(String... arguments) {
    ClientFlags client = parse(arguments);
    return client.options(client.endpoint(URL), Map.of()).resumption();
  }

  @Test
  void lostConnectionIsMadeGoodForFiveMinutesUnlessSaidOtherwise() {
    assertThat(resumption()).extracting(Resumption::window).isEqualTo(Duration.ofMinutes(5));
    assertThat(resumption("--resume-window=90s"))
        .extracting(Resumption::window)
        .isEqualTo(Duration.ofSeconds(90));
    assertThat(resumption("--no-resume", "--resume-window=90s")).isNull();
  }
}
