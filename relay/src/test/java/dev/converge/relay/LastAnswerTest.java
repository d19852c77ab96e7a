package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import org.junit.jupiter.api.Test;

final class LastAnswerTest {
  private final EmbeddedChannel channel = new EmbeddedChannel(new LastAnswer());

  private boolean hears() {
    return channel.writeInbound(
        new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/agent/job"));
  }

  private void answer(boolean keepAlive) {
    var response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    HttpUtil.setKeepAlive(response, keepAlive);
    channel.writeOutbound(response);
  }

  @Test
  void requestsAreHeardUntilAnAnswerEndsTheConnection() {
    assertThat(hears()).isTrue();
    channel.readInbound();
    answer(true);
    assertThat(hears()).isTrue();
    channel.readInbound();
    answer(false);
    assertThat(hears()).isFalse();
  }
}
