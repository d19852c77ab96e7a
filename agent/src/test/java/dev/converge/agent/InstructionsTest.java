package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.converge.tunnel.Endpoint;
import dev.converge.tunnel.Role;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class InstructionsTest {
  private static final Duration EXPIRY = Duration.ofMinutes(10);

  @Test
  void everyCommandIsReadyToPaste() {
    Endpoint agent = Endpoint.parse("ws://relay:4774/agent/x?secret=1", Role.AGENT);

    assertThat(new Instructions(agent, "SHA256:abc", "pass", EXPIRY, null).text())
        .isEqualTo(
            """
            ID:          x
            Host key:    SHA256:abc
            Password:    pass
            Ends after:  10 minutes without input

            From another machine:

              curl -s http://relay:4774/docs/wsproxy > wsproxy && chmod 755 wsproxy
              ssh -oServerAliveInterval=10 -oProxyCommand="./wsproxy ws://relay:4774/client/x" abc@localhost
              sftp -oServerAliveInterval=10 -oProxyCommand="./wsproxy ws://relay:4774/client/x" abc@localhost

            Or through a local port:

              curl -s http://relay:4774/docs/tcptows > tcptows && chmod 755 tcptows && ./tcptows 10000 ws://relay:4774/client/x
              ssh -p 10000 abc@localhost
              sftp -oPort=10000 abc@localhost

            """);
  }

  @Test
  void secureRelayIsReachedSecurely() {
    Endpoint agent = Endpoint.parse("wss://relay/agent/x", Role.AGENT);

    assertThat(new Instructions(agent, "SHA256:abc", null, EXPIRY, null).text())
        .contains("https://relay/docs/wsproxy", "wss://relay/client/x")
        .doesNotContain("Password");
  }

  @Test
  void percentSignSurvivesSsh() {
    Endpoint agent = Endpoint.parse("ws://[fe80::1%25eth0]:1/agent/x", Role.AGENT);

    assertThat(new Instructions(agent, "SHA256:abc", null, EXPIRY, null).text())
        .contains(
            "./wsproxy ws://[fe80::1%%25eth0]:1/client/x\"", "10000 ws://[fe80::1%25eth0]:1/");
  }

  @Test
  void wsproxyOfThisMachineNeedsNoDownload() {
    Endpoint agent = Endpoint.parse("ws://relay/agent/x", Role.AGENT);

    assertThat(new Instructions(agent, "SHA256:abc", null, EXPIRY, "/opt/50%/wsproxy").text())
        .contains("From this machine:\n\n  ssh ", "-oProxyCommand=\"/opt/50%%/wsproxy ws://")
        .doesNotContain("/docs/wsproxy");
  }
}
