package dev.converge.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class TemplateTest {
  @Test
  void fieldsAreReplacedAndDollarsStay() {
    String text = Template.replace("listen @port@; $host @dir@", Map.of("port", 80, "dir", "/$1"));
    assertThat(text).isEqualTo("listen 80; $host /$1");
  }

  @Test
  void aFieldWithoutAValueIsNamed() {
    assertThatNullPointerException()
        .isThrownBy(() -> Template.replace("@port@", Map.of()))
        .withMessage("@port@");
  }
}
