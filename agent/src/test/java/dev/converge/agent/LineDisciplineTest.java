package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LineDisciplineTest implements LineDiscipline.Ends {
  private final List<String> sent = new ArrayList<>();
  private final StringBuilder screen = new StringBuilder();
  private final LineDiscipline discipline = new LineDiscipline(this);

  private void type(String keys) {
    discipline.type(keys.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void echo(byte[] bytes) {
    screen.append(new String(bytes, StandardCharsets.UTF_8));
  }

  @Override
  public void send(byte[] bytes) {
    sent.add(new String(bytes, StandardCharsets.UTF_8));
  }

  @Override
  public void signal(int number) {
    sent.add("signal " + number);
  }

  @Override
  public void end() {
    sent.add("end");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ls\r", "ls\n", "ls\r\n"})
  void enterSendsOneLine(String keys) {
    type(keys);
    assertThat(sent).containsExactly("ls\n");
    assertThat(screen).hasToString("ls\r\n");
  }

  @Test
  void whatIsTypedIsShownAtOnceAndSentWithItsLine() {
    type("l");
    assertThat(screen).hasToString("l");
    assertThat(sent).isEmpty();
    type("s\rpwd\rx");
    assertThat(sent).containsExactly("ls\n", "pwd\n");
    assertThat(screen).hasToString("ls\r\npwd\r\nx");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u007f", "\b"})
  void backspaceTakesBackOneCharacterAndNoMoreThanThereIs(String backspace) {
    type("aü" + backspace + backspace + backspace + "b\r");
    assertThat(sent).containsExactly("b\n");
    assertThat(screen).hasToString("aü\b \b\b \bb\r\n");
  }

  @Test
  void wordAndLineAreErased() {
    type("echo one  two  \u0017\r");
    type("rm -rf\u0015ls\r");
    assertThat(sent).containsExactly("echo one  \n", "ls\n");
  }

  @Test
  void controlCharacterIsShownWithACaretAndErasedWhole() {
    type("\u001b[A\u007f\u007f\u007f\r");
    assertThat(sent).containsExactly("\n");
    assertThat(screen).hasToString("^[[A\b \b\b \b\b \b\b \b\r\n");
  }

  @Test
  void interruptAndQuitAreSignalsAndForgetTheLine() {
    type("rm x\u0003\u001c\r");
    assertThat(sent).containsExactly("signal 2", "signal 3", "\n");
    assertThat(screen).hasToString("rm x^C\r\n^\\\r\n\r\n");
  }

  @Test
  void endCountsOnAnEmptyLineAndElseSendsTheLineAsItIs() {
    type("a\u0004\u0004");
    assertThat(sent).containsExactly("a", "end");
  }

  @Test
  void lineThatIsTooLongRingsTheBellAndIsCut() {
    type("x".repeat(64 * 1024) + "\r");
    assertThat(sent).containsExactly("x".repeat(64 * 1024 - 1) + "\n");
    assertThat(screen.toString()).endsWith("x\u0007\r\n");
  }

  @Test
  void outputGetsItsCarriageReturns() {
    byte[] screen = LineDiscipline.forScreen("a\nb\n\n".getBytes(StandardCharsets.US_ASCII));
    assertThat(new String(screen, StandardCharsets.US_ASCII)).isEqualTo("a\r\nb\r\n\r\n");
  }
}
