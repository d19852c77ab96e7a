package dev.converge.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpHeadTest {
  private static HttpHead read(String head) throws IOException {
    return HttpHead.read(
        new ByteArrayInputStream((head + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1)));
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP/1.1 200 OK, HTTP 200 OK",
    "HTTP/1.0 599 A b, HTTP 599 A b",
    "HTTP/1.1 404, HTTP 404",
    "'HTTP/1.1 404 ', HTTP 404",
  })
  void statusIsThreeDigits(String line, String summary) throws IOException {
    assertThat(read(line).summary()).isEqualTo(summary);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1",
        "HTTP/1.1 ",
        "HTTP/1.1 20",
        "HTTP/1.1 099 X",
        "HTTP/1.1 600 X",
        "HTTP/1.1 2000",
        "HTTP/1.1 +20 X",
        "HTTP/1.1 2 0 X",
        "HTTP/2.0 200 OK",
        "http/1.1 200 OK",
        "SSH-2.0-OpenSSH_9"
      })
  void otherStatusLinesAreNoHttp(String line) {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> read(line))
        .withMessage("not HTTP: '" + line + "'");
  }

  @Test
  void repeatedFieldsAreJoined() throws IOException {
    HttpHead head = read("HTTP/1.1 200 OK\r\nA: b\r\na:  c\r\nD:");

    assertThat(head.field("a")).isEqualTo("b, c");
    assertThat(head.field("d")).isEmpty();
  }
}
