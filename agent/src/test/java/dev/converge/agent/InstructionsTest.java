package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.converge.tunnel.Endpoint;
import dev.converge.tunnel.Role;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.time.Duration;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.junit.jupiter.api.Test;

final class InstructionsTest {
  private static final Duration EXPIRY = Duration.ofMinutes(10);
  private static final String KEY =
      "ssh-ed25519" + " AAAAC3NzaC1lZDI1NTE5AAAAII8dkIaD5PmRrqJaSscZ3nlkDfbtKwIuee4JY/k9ONs4";
  private static final PublicKey HOST = publicKey(KEY);
  private static final String PIN = "SHA256:mn1f0CvqVnYgo0qcQrJ8SZfsnUjehNItWGiCFCLTOrM";

  private static PublicKey publicKey(String line) {
    try {
      return PublicKeyEntry.parsePublicKeyEntry(line).resolvePublicKey(null, null, null);
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void everyCommandIsReadyToPaste() {
    Endpoint agent = Endpoint.parse("ws://relay:4774/agent/x?secret=1", Role.AGENT);

    assertThat(new Instructions(agent, HOST, "pass", EXPIRY, null).text())
        .isEqualTo(
            """
            ID:          x
            Host key:    PIN
            Password:    pass
            Ends after:  10 minutes without input

            From another machine:

              curl -s http://relay:4774/docs/wsproxy > wsproxy && chmod 755 wsproxy
              ssh -oServerAliveInterval=120 -oStrictHostKeyChecking=yes -oKnownHostsCommand="/bin/echo %H KEY" -oProxyCommand="./wsproxy ws://relay:4774/client/x#PIN" abc@localhost
              sftp -oServerAliveInterval=120 -oStrictHostKeyChecking=yes -oKnownHostsCommand="/bin/echo %H KEY" -oProxyCommand="./wsproxy ws://relay:4774/client/x#PIN" abc@localhost
              scp -oServerAliveInterval=120 -oStrictHostKeyChecking=yes -oKnownHostsCommand="/bin/echo %H KEY" -oProxyCommand="./wsproxy ws://relay:4774/client/x#PIN" abc@localhost:FILE .

            Or through a local port:

              curl -s http://relay:4774/docs/tcptows > tcptows && chmod 755 tcptows && ./tcptows 10000 "ws://relay:4774/client/x#PIN"
              ssh -p 10000 -oStrictHostKeyChecking=yes -oKnownHostsCommand="/bin/echo %H KEY" abc@localhost
              sftp -oPort=10000 -oStrictHostKeyChecking=yes -oKnownHostsCommand="/bin/echo %H KEY" abc@localhost

            OpenSSH before 8.5: leave out -oStrictHostKeyChecking and -oKnownHostsCommand, and answer yes.

            """
                .replace("PIN", PIN)
                .replace("KEY", KEY));
  }

  @Test
  void keyOfAnotherTypeIsPinnedToo() {
    Endpoint agent = Endpoint.parse("ws://relay/agent/x", Role.AGENT);
    String key =
        "ecdsa-sha2-nistp256"
            + " AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBNRWveg+gDAIJnvbRca9w3HoDAWqluE1sLbJJvyJKwsCmxLbqMlf+/2xlWql1mjSMfXvgOIlKAAamcPpcZa8j6c=";

    assertThat(new Instructions(agent, publicKey(key), null, EXPIRY, null).text())
        .contains("\"/bin/echo %H " + key + "\"")
        .contains("/client/x#SHA256:Jqzv8bXytagBDV+aJgrwF9aYB0eJgZW8uNvyL9N60lY\"");
  }

  @Test
  void secureRelayIsReachedSecurely() {
    Endpoint agent = Endpoint.parse("wss://relay/agent/x", Role.AGENT);

    assertThat(new Instructions(agent, HOST, null, EXPIRY, null).text())
        .contains("https://relay/docs/wsproxy", "wss://relay/client/x")
        .doesNotContain("Password");
  }

  @Test
  void percentSignSurvivesSsh() {
    Endpoint agent = Endpoint.parse("ws://[fe80::1%25eth0]:1/agent/x", Role.AGENT);

    assertThat(new Instructions(agent, HOST, null, EXPIRY, null).text())
        .contains(
            "./wsproxy ws://[fe80::1%%25eth0]:1/client/x#" + PIN + "\"",
            "10000 \"ws://[fe80::1%25eth0]:1/");
  }

  @Test
  void wsproxyOfThisMachineNeedsNoDownload() {
    Endpoint agent = Endpoint.parse("ws://relay/agent/x", Role.AGENT);

    assertThat(new Instructions(agent, HOST, null, EXPIRY, "/opt/50%/wsproxy").text())
        .contains("From this machine:\n\n  ssh ", "-oProxyCommand=\"/opt/50%%/wsproxy ws://")
        .doesNotContain("/docs/wsproxy");
  }
}
