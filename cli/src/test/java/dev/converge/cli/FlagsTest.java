package dev.converge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands on a command line. */
final class FlagsTest {
  private final Flags flags = new Flags("demo", Map.of());
  private final Flag<Boolean> fast = flags.toggle("--fast", "");
  private final Flag<String> word = flags.option("--word", "WORD", new TextConverter(), "");
  private final Flag<Integer> size =
      flags.option("--size", "N", new IntegerConverter(), "").orElse("7");
  private final ListFlag<String> names = flags.list("--name", "NAME", new TextConverter(), "");
  private final ListFlag<String> groups =
      flags.list("--group", "NAME", new TextConverter(), "").dividedAtCommas();
  private final Flag<String> ask =
      flags
          .option("--ask", "TEXT", new TextConverter(), "")
          .implying("asked", text -> text.startsWith("ws:"));
  private final Flag<String> url = flags.parameter("URL", new TextConverter(), "");
  private final Flag<Integer> port =
      flags.parameter("PORT", new IntegerConverter(), "").orElse("1");

  private void parse(String... arguments) {
    flags.parse(arguments);
  }

  @Test
  void flagsThatAreNotGivenHaveTheirDefaults() {
    parse("u");

    assertThat(fast.value()).isFalse();
    assertThat(word.valueOrNull()).isNull();
    assertThat(size.value()).isEqualTo(7);
    assertThat(names.values()).isEmpty();
    assertThat(port.value()).isEqualTo(1);
    assertThat(flags.isSet("--word")).isFalse();
    assertThat(size.isTyped()).isFalse();
  }

  @Test
  void flagsStandBeforeAndBehindParameters() {
    parse("--word", "w", "u", "--size=-3", "80", "--fast");

    assertThat(word.value()).isEqualTo("w");
    assertThat(size.value()).isEqualTo(-3);
    assertThat(fast.value()).isTrue();
    assertThat(url.value()).isEqualTo("u");
    assertThat(port.value()).isEqualTo(80);
    assertThat(flags.isSet("--word")).isTrue();
    assertThat(word.isTyped()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", " ", "a=b", "=", "\"q\"", "'q'", "-x", "@x", "a,b", "${x}", "a\nb", "-1", "x "
      })
  void valueIsTakenAsItIs(String value) {
    parse("--word=" + value, "--ask", value, "--", value);

    assertThat(word.value()).isEqualTo(value);
    assertThat(ask.value()).isEqualTo(value);
    assertThat(url.value()).isEqualTo(value);
  }

  @Test
  void everythingBehindTwoHyphensIsAParameter() {
    parse("--", "--fast", "2");

    assertThat(url.value()).isEqualTo("--fast");
    assertThat(fast.value()).isFalse();
  }

  @Test
  void toggleCanBeSwitchedOff() {
    parse("--fast=False", "u");

    assertThat(fast.value()).isFalse();
    assertThat(fast.isTyped()).isTrue();
  }

  @Test
  void listKeepsItsOrder() {
    parse("--name=b,c", "u", "--name", "a", "--group=x,y", "--group", "z");

    assertThat(names.values()).containsExactly("b,c", "a");
    assertThat(groups.values()).containsExactly("x", "y", "z");
  }

  @Test
  void optionalValueIsImpliedWhereItIsMissing() {
    parse("--ask", "ws://h");

    assertThat(ask.value()).isEqualTo("asked");
    assertThat(url.value()).isEqualTo("ws://h");
  }

  @ParameterizedTest
  @CsvSource({"u --ask, asked", "--ask --fast u, asked", "--ask=ws:x u, ws:x", "--ask x u, x"})
  void optionalValueIsImpliedOnlyWhereItIsMissing(String arguments, String value) {
    parse(arguments.split(" ", -1));

    assertThat(ask.value()).isEqualTo(value);
    assertThat(url.value()).isEqualTo("u");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "--nope u | Unknown option: '--nope'",
        "--nope=secret u | Unknown option: '--nope'",
        "--wor=w u | Unknown option: '--wor'",
        "--WORD=w u | Unknown option: '--WORD'",
        "-word w u | Unknown option: '-word'",
        "-word=w u | Unknown option: '-word'",
        "-wordw u | Unknown option: '-wordw'",
        "-fast u | Unknown option: '-fast'",
        "---fast u | Unknown option: '---fast'",
        "-hx u | Unknown option: '-hx'",
        "-x u | Unknown option: '-x'",
        "--h u | Unknown option: '--h'",
        "u -1 | Unknown option: '-1'",
        "u --word | Missing required parameter for option '--word' (WORD)",
        "--word --fast u | Missing required parameter for option '--word' (WORD)",
        "--word -- u | Missing required parameter for option '--word' (WORD)",
        "--word=a --word=b u | option '--word' should be specified only once",
        "--fast u --fast | option '--fast' should be specified only once",
        "--fast=yes u | Invalid value for option '--fast': 'yes' (expected: true or false)",
        "--size=x u | Invalid value for option '--size': 'x' is not a whole number",
        "--size= u | Invalid value for option '--size': '' is not a whole number",
        "u x | Invalid value for PORT: 'x' is not a whole number",
        "u 1 2 | Unexpected argument: '2'",
        "--fast | Missing required parameter: 'URL'",
      })
  void argumentsThatAreNotUnderstoodAreRefused(String arguments, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parse(arguments.split(" ", -1)))
        .withMessage(message);
  }

  @Test
  void everyMissingParameterIsNamed() {
    Flags two = new Flags("two", Map.of());
    two.parameter("PORT", new IntegerConverter(), "");
    two.parameter("URL", new TextConverter(), "");

    assertThatIllegalArgumentException()
        .isThrownBy(two::parse)
        .withMessage("Missing required parameters: 'PORT', 'URL'");
  }
}
