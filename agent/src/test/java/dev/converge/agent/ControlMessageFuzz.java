package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import org.junit.jupiter.params.provider.ValueSource;

/** Text messages that a relay sends. */
final class ControlMessageFuzz {
  private static final String SHORT_AND_PRINTABLE = "[^\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]{0,83}";

  @ValueSource(
      strings = {
        "{\"type\":\"paired\",\"client\":\"192.0.2.7:50234\"}",
        "{\"type\":\"paired\",\"client\":\"\\u001b[2J\\u2028\"}",
        "{\"type\":[\"paired\"],\"client\":{\"a\":null}}",
        "{\"type\":1e999999999,\"client\":true}",
        "{\"type\":\"a\",\"type\":\"b\",}",
        "{'type':paired;client=x}",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[",
        "\"\\ud800\"",
        "/*",
        ")]}'\n{",
        "null",
        "",
      })
  @FuzzTest
  void anyTextIsAMessageThatCanBeShown(@NotNull String json) {
    ControlMessage message = ControlMessage.parse(json);
    assertThat(message.type()).matches(SHORT_AND_PRINTABLE);
    assertThat(message.client()).matches(SHORT_AND_PRINTABLE);
  }
}
