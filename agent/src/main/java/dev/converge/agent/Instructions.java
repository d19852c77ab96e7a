package dev.converge.agent;

import dev.converge.tunnel.Endpoint;
import dev.converge.tunnel.Role;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a person does to enter, ready to paste.
 *
 * @param agent where the agent waits; its query is its own and is not shown
 * @param fingerprint of the host key
 * @param madePassword the password, if it has to be shown
 * @param expiry how long the session lives without input
 * @param wsproxy the wsproxy of this machine, or null for one that is still to be downloaded
 */
record Instructions(
    Endpoint agent,
    String fingerprint,
    @Nullable String madePassword,
    Duration expiry,
    @Nullable String wsproxy) {
  private static final String TEXT =
      """
      ID:          %1$s
      Host key:    %2$s
      %3$sEnds after:  %4$s without input

      %5$s:

      %6$s  ssh -oServerAliveInterval=10 -oProxyCommand="%7$s %8$s" abc@localhost
        sftp -oServerAliveInterval=10 -oProxyCommand="%7$s %8$s" abc@localhost

      Or through a local port:

        curl -s %9$s/docs/tcptows > tcptows && chmod 755 tcptows && ./tcptows 10000 %10$s
        ssh -p 10000 abc@localhost
        sftp -oPort=10000 abc@localhost

      """;

  private static final String DOWNLOAD =
      "  curl -s %s/docs/wsproxy > wsproxy && chmod 755 wsproxy%n";

  String text() {
    String http = (agent.secure() ? "https://" : "http://") + agent.authority();
    String url =
        new Endpoint(agent.secure(), agent.host(), agent.port(), Role.CLIENT, agent.id(), "")
            .toString();
    return TEXT.formatted(
        agent.id(),
        fingerprint,
        madePassword == null ? "" : "Password:    " + madePassword + "\n",
        Spoken.duration(expiry),
        wsproxy == null ? "From another machine" : "From this machine",
        wsproxy == null ? DOWNLOAD.formatted(http) : "",
        wsproxy == null ? "./wsproxy" : inProxyCommand(wsproxy),
        inProxyCommand(url),
        http,
        url);
  }

  /** ssh expands percent signs in a ProxyCommand. */
  private static String inProxyCommand(String text) {
    return text.replace("%", "%%");
  }
}
