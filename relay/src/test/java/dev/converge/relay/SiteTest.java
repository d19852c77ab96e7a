package dev.converge.relay;

import static io.netty.handler.codec.http.HttpVersion.HTTP_1_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class SiteTest {
  @Test
  @Timeout(20)
  void pageThatIsAskedForBeforeTheFilesAreReadIsThereAllTheSame() {
    HttpRequest request = new DefaultHttpRequest(HTTP_1_1, HttpMethod.GET, "/");
    request.headers().set("Host", "relay.example");

    Answer answer = new Site(null, false, false, () -> false).answer(request);

    assertThat(answer).isNotNull();
  }
}
