package dev.converge.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class UsagePageTest {
  private static String render(Origin origin) throws IOException {
    return new String(UsagePage.load("0a1b").render(origin), StandardCharsets.UTF_8);
  }

  @Test
  void commandsNameTheOriginOfTheRequest() throws Exception {
    assertThat(render(new Origin(true, "relay.test:8443")))
        .contains("curl -s https://relay.test:8443/docs/agent")
        .contains("./agent wss://relay.test:8443/agent/")
        .contains("./wsproxy wss://relay.test:8443/client/")
        .contains("echo \"0a1b  agent\" | sha256sum -c -")
        .doesNotContain("{{");
  }

  @Test
  void whatAnOriginHoldsIsEscaped() throws Exception {
    assertThat(render(new Origin(false, "<b>&\"'$1\\")))
        .contains("http://&lt;b&gt;&amp;&quot;&#39;$1\\/docs/agent")
        .doesNotContain("<b>&\"");
  }
}
