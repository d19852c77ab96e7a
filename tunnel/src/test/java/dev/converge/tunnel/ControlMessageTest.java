package dev.converge.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ControlMessageTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"drain\"}",
        " { \"type\" : \"drain\" } ",
        "{\"in\":30,\"type\":\"drain\"}",
        "{\"a\":{\"type\":\"x\"},\"b\":[1,{\"c\":\"}\"}],\"d\":\"\\\"\",\"type\":\"drain\",\"e\":0}",
      })
  void typeIsFound(String json) {
    assertThat(ControlMessage.type(json)).isEqualTo("drain");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{}",
        "drain",
        "\"type\":\"drain\"",
        "[\"type\",\"drain\"]",
        "{\"type\":null}",
        "{\"type\":drain}",
        "{\"a\",\"type\":\"drain\"}",
        "{\"type\":{\"type\":\"drain\"}}",
        "{\"a\":{\"type\":\"drain\"}}",
        "{\"a\":\"\\\",\\\"type\\\":\\\"drain\"}",
        "{\"a\":\"type\",\"b\":\"drain\"}",
        "{\"a\":[\"type\",\"drain\"]}",
        "{\"type\" \"drain\"}",
        "{\"type\":\"a\",\"type\":\"drain\"}",
        "{\"a\":\"x\\",
        "{\"a\":\"",
        "{\"type\":\"",
        "{\"a\":]]]],\"type\"",
      })
  void nothingElseIsTakenForIt(String json) {
    assertThat(ControlMessage.type(json)).isNotEqualTo("drain");
  }
}
