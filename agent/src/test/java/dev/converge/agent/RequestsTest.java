package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestsTest {
  private static final byte[] TWO = {9, 0, 0, 0, 3, 'a', 'b', 'c', 0, 0, 0, 1, 'd', 9};

  private final List<String> whole = new ArrayList<>();
  private final Requests requests =
      new Requests(
          request -> {
            byte[] bytes = new byte[request.getInt()];
            request.getRawBytes(bytes, 0, bytes.length);
            assertThat(request.available()).isZero();
            whole.add(new String(bytes, StandardCharsets.US_ASCII));
          });

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7, 12})
  void requestsAreWholeHoweverTheyArrive(int piece) throws IOException {
    for (int from = 1; from < TWO.length - 1; from += piece) {
      requests.take(TWO, from, Math.min(piece, TWO.length - 1 - from));
    }
    assertThat(whole).containsExactly("abc", "d");
  }

  @Test
  void lengthThatNoRequestHasIsRefusedBeforeThereIsMemoryForIt() {
    for (byte first : new byte[] {0, 1, -1}) {
      var broken = new Requests(request -> {});
      assertThatThrownBy(() -> broken.take(new byte[] {first, 0, 0, 0}, 0, 4))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("sftp request of ");
    }
  }
}
