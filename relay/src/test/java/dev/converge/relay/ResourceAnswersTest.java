package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoLeaks.class)
final class ResourceAnswersTest {
  private static final Resource RESOURCE =
      Resource.of("text/x-digits", "0123456789".getBytes(StandardCharsets.US_ASCII));

  private final HttpHeaders request = new DefaultHttpHeaders();

  private record Seen(int status, HttpHeaders headers, String body) {}

  private Seen answer() {
    return see(ResourceAnswers.answer(RESOURCE, request));
  }

  private static Seen see(Answer answer) {
    var channel = new EmbeddedChannel();
    answer.send(channel);
    FullHttpResponse response = channel.readOutbound();
    var seen =
        new Seen(
            response.status().code(),
            response.headers(),
            response.content().toString(StandardCharsets.US_ASCII));
    response.release();
    return seen;
  }

  @Test
  void wholeResourceIsDescribed() {
    Seen seen = answer();
    assertThat(seen.status()).isEqualTo(200);
    assertThat(seen.body()).isEqualTo("0123456789");
    assertThat(seen.headers().get("Content-Length")).isEqualTo("10");
    assertThat(seen.headers().get("Content-Type")).isEqualTo("text/x-digits");
    assertThat(seen.headers().get("Accept-Ranges")).isEqualTo("bytes");
    assertThat(seen.headers().get("ETag")).isEqualTo(RESOURCE.etag());
    assertThat(RESOURCE.etag())
        .isEqualTo("\"84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882\"");
  }

  @Test
  void answerToHeadHasTheLengthWithoutTheBody() {
    Seen seen = see(ResourceAnswers.answer(RESOURCE, request).withoutBody());
    assertThat(seen.body()).isEmpty();
    assertThat(seen.headers().get("Content-Length")).isEqualTo("10");
    assertThat(answer().body()).as("for the next one").isEqualTo("0123456789");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TAG", "W/TAG", "\"a\", TAG", "\"a\",W/TAG,\"b\"", "*"})
  void whoHasItGets304(String known) {
    request.set("If-None-Match", known.replace("TAG", RESOURCE.etag()));
    Seen seen = answer();
    assertThat(seen.status()).isEqualTo(304);
    assertThat(seen.body()).isEmpty();
    assertThat(seen.headers().get("ETag")).isEqualTo(RESOURCE.etag());
    assertThat(seen.headers().get("Content-Length")).as("that of a 200").isEqualTo("10");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",", "\"a\"", "\"84d898\"", "w/TAG", "xTAG"})
  void whoHasAnotherGetsIt(String known) {
    request.set("If-None-Match", known.replace("TAG", RESOURCE.etag()));
    assertThat(answer().status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 0, 0-0",
    "bytes=2-4, 234, 2-4",
    "bytes=7-, 789, 7-9",
    "bytes=7-99, 789, 7-9",
    "bytes=-3, 789, 7-9",
    "bytes=-99, 0123456789, 0-9",
    "bytes=9-999999999999999999, 9, 9-9"
  })
  void rangeIsAPart(String range, String body, String sent) {
    request.set("Range", range);
    Seen seen = answer();
    assertThat(seen.status()).isEqualTo(206);
    assertThat(seen.body()).isEqualTo(body);
    assertThat(seen.headers().get("Content-Range")).isEqualTo("bytes " + sent + "/10");
    assertThat(seen.headers().getInt("Content-Length")).isEqualTo(body.length());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=10-", "bytes=10-20", "bytes=5-3", "bytes=-0"})
  void rangeBeyondTheEndIs416(String range) {
    request.set("Range", range);
    Seen seen = answer();
    assertThat(seen.status()).isEqualTo(416);
    assertThat(seen.headers().get("Content-Range")).isEqualTo("bytes */10");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes=-",
        "bytes=",
        "bytes=a-b",
        "bytes=0-1,3-4",
        "lines=0-1",
        "bytes = 0-1",
        "bytes=0-9999999999999999999"
      })
  void rangeThatIsNotUnderstoodIsIgnored(String range) {
    request.set("Range", range);
    assertThat(answer().status()).isEqualTo(200);
  }

  @Test
  void rangeHoldsOnlyForTheVersionThatItWasMeantFor() {
    request.set("Range", "bytes=2-4");
    request.set("If-Range", RESOURCE.etag());
    assertThat(answer().status()).isEqualTo(206);
    request.set("If-Range", "\"an older one\"");
    assertThat(answer().body()).isEqualTo("0123456789");
    request.set("If-Range", "W/" + RESOURCE.etag());
    assertThat(answer().status()).as("a weak tag is not enough").isEqualTo(200);
  }
}
