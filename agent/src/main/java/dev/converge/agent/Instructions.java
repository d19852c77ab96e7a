package dev.converge.agent;

import dev.converge.tunnel.Endpoint;
import dev.converge.tunnel.Role;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a person does to enter, ready to paste. */
final class Instructions {
  private static final String TEXT =
      """
      ID:          %1$s
      Host key:    %2$s
      %3$sEnds after:  %4$s without input

      From another machine:

        curl -s %5$s/docs/wsproxy > wsproxy && chmod 755 wsproxy
        ssh -oServerAliveInterval=10 -oProxyCommand="./wsproxy %6$s" abc@localhost
        sftp -oServerAliveInterval=10 -oProxyCommand="./wsproxy %6$s" abc@localhost

      Or through a local port:

        curl -s %5$s/docs/tcptows > tcptows && chmod 755 tcptows && ./tcptows 10000 %7$s
        ssh -p 10000 abc@localhost
        sftp -oPort=10000 abc@localhost

      """;

  private Instructions() {}

  /**
   * @param agent where the agent waits; its query is its own and is not shown
   * @param fingerprint of the host key
   * @param madePassword the password, if it has to be shown
   * @param expiry how long the session lives without input
   */
  static String text(
      Endpoint agent, String fingerprint, @Nullable String madePassword, Duration expiry) {
    Endpoint client =
        new Endpoint(agent.secure(), agent.host(), agent.port(), Role.CLIENT, agent.id(), "");
    String url = client.toString();
    return TEXT.formatted(
        agent.id(),
        fingerprint,
        madePassword == null ? "" : "Password:    " + madePassword + "\n",
        Spoken.duration(expiry),
        (agent.secure() ? "https://" : "http://") + agent.authority(),
        url.replace("%", "%%"),
        url);
  }
}
