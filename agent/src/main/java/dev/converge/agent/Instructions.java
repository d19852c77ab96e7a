package dev.converge.agent;

import dev.converge.tunnel.Endpoint;
import dev.converge.tunnel.HostKeyPin;
import dev.converge.tunnel.Role;
import java.security.PublicKey;
import java.time.Duration;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.jspecify.annotations.Nullable;

/**
 * What a person does to enter, ready to paste.
 *
 * <p>The commands pin the host key twice: wsproxy and tcptows cut off any other server, whichever
 * client they serve; and OpenSSH is told the key, so that it neither asks nor writes it down.
 *
 * @param agent where the agent waits; its query is its own and is not shown
 * @param hostKey the public key of the host
 * @param madePassword the password, if it has to be shown
 * @param expiry how long the session lives without input
 * @param wsproxy the wsproxy of this machine, or null for one that is still to be downloaded
 */
record Instructions(
    Endpoint agent,
    PublicKey hostKey,
    @Nullable String madePassword,
    Duration expiry,
    @Nullable String wsproxy) {
  private static final String TEXT =
      """
      ID:          %1$s
      Host key:    %2$s
      %3$sEnds after:  %4$s without input

      %5$s:

      %6$s  ssh -oServerAliveInterval=120 %7$s -oProxyCommand="%8$s %9$s" abc@localhost
        sftp -oServerAliveInterval=120 %7$s -oProxyCommand="%8$s %9$s" abc@localhost
        scp -oServerAliveInterval=120 %7$s -oProxyCommand="%8$s %9$s" abc@localhost:FILE .

      Or through a local port:

        curl -s %10$s/docs/tcptows > tcptows && chmod 755 tcptows && ./tcptows 10000 "%11$s"
        ssh -p 10000 %7$s abc@localhost
        sftp -oPort=10000 %7$s abc@localhost

      OpenSSH before 8.5: leave out -oStrictHostKeyChecking and -oKnownHostsCommand, and answer yes.

      """;

  private static final String DOWNLOAD =
      "  curl -s %s/docs/wsproxy > wsproxy && chmod 755 wsproxy%n";

  private static final String PINNED =
      "-oStrictHostKeyChecking=yes -oKnownHostsCommand=\"/bin/echo %%H %s\"";

  String text() {
    String http = (agent.secure() ? "https://" : "http://") + agent.authority();
    String fingerprint = KeyUtils.getFingerPrint(BuiltinDigests.sha256, hostKey);
    String url = agent.as(Role.CLIENT).pinnedTo(new HostKeyPin(fingerprint)).toString();
    return TEXT.formatted(
        agent.id(),
        fingerprint,
        madePassword == null ? "" : "Password:    " + madePassword + "\n",
        Spoken.duration(expiry),
        wsproxy == null ? "From another machine" : "From this machine",
        wsproxy == null ? DOWNLOAD.formatted(http) : "",
        PINNED.formatted(PublicKeyEntry.toString(hostKey)),
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
