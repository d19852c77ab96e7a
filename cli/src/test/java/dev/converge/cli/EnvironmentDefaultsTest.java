package dev.converge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stands in the environment. */
final class EnvironmentDefaultsTest {
  private final Map<String, String> environment = new HashMap<>();
  private final Flags flags = new Flags("demo", environment);
  private final Flag<Boolean> fast = flags.toggle("--very-fast", "");
  private final Flag<String> word =
      flags.option("--word", "WORD", new TextConverter(), "").alias("--other-word").orElse("w");
  private final ListFlag<String> names = flags.list("--name", "NAME", new TextConverter(), "");
  private final ListFlag<Path> files = flags.list("--file", "FILE", new PathConverter(), "");

  @Test
  void standsInForAFlagThatWasNotGiven() {
    environment.putAll(Map.of("CONVERGE_WORD", "${a} $1 _NULL_", "CONVERGE_HELP", "true"));
    flags.parse();

    assertThat(word.value()).isEqualTo("${a} $1 _NULL_");
    assertThat(word.isSet()).isTrue();
    assertThat(word.isTyped()).isFalse();
    assertThat(flags.isHelpAsked()).isFalse();
  }

  @Test
  void commandLineCountsBeforeIt() {
    environment.putAll(Map.of("CONVERGE_WORD", "a", "CONVERGE_NAME", "b"));
    flags.parse("--other-word=c", "--name=d");

    assertThat(word.value()).isEqualTo("c");
    assertThat(names.values()).containsExactly("d");
  }

  @Test
  void eachNameOfAFlagHasAVariable() {
    environment.put("CONVERGE_OTHER_WORD", "b");
    flags.parse();

    assertThat(word.value()).isEqualTo("b");
  }

  @Test
  void firstNameCountsBeforeTheOthers() {
    environment.putAll(Map.of("CONVERGE_OTHER_WORD", "b", "CONVERGE_WORD", "a"));
    flags.parse();

    assertThat(word.value()).isEqualTo("a");
  }

  @Test
  void flagThatCanBeRepeatedIsAList() {
    environment.putAll(
        Map.of("CONVERGE_NAME", " a, b c\n,d\n", "CONVERGE_FILE", "/my dir/x, /y\n/z,"));
    flags.parse();

    assertThat(names.values()).containsExactly("a", "b", "c", "d");
    assertThat(files.values()).containsExactly(Path.of("/my dir/x"), Path.of("/y"), Path.of("/z"));
  }

  @Test
  void setToNothingIsNotUnset() {
    environment.putAll(Map.of("CONVERGE_NAME", "", "CONVERGE_WORD", ""));
    flags.parse();

    assertThat(names.values()).containsExactly("");
    assertThat(word.value()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"true, true", "TRUE, true", "false, false", "False, false"})
  void toggleIsTrueOrFalse(String text, boolean value) {
    environment.put("CONVERGE_VERY_FAST", text);
    flags.parse();

    assertThat(fast.value()).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({"''", "1", "yes"})
  void toggleThatIsNeitherIsRefused(String text) {
    environment.put("CONVERGE_VERY_FAST", text);

    assertThatIllegalArgumentException()
        .isThrownBy(flags::parse)
        .withMessage(
            "Invalid value for option '--very-fast' (CONVERGE_VERY_FAST): '%s' (expected: true or"
                + " false)",
            text);
  }
}
