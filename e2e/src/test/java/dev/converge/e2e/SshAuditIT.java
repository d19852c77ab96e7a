package dev.converge.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Debian's ssh-audit says of the algorithms that the agent offers. */
final class SshAuditIT {
  /** An audit program that is older than an algorithm does not judge it. */
  private static final Pattern UNKNOWN =
      Pattern.compile(
          "\\(kex\\) (mlkem768x25519-sha256|sntrup761x25519-sha512|kex-strict-s-v00@openssh.com)"
              + " +-- \\[warn\\] unknown algorithm");

  /** What OpenSSH 8.5 to 9.8 call the post-quantum exchange; older audits warn of its youth. */
  private static final Pattern YOUNG =
      Pattern.compile(
          "\\(kex\\) sntrup761x25519-sha512@openssh.com +-- \\[warn\\] using experimental algorithm");

  /** What stays for clients that have no post-quantum exchange; newer audits warn of each. */
  private static final Pattern CLASSICAL =
      Pattern.compile("\\(kex\\) .* \\[warn\\] does not provide protection against post-quantum.*");

  @TempDir Path temp;

  @Test
  void auditFindsNothingToFailOrToWarnOf() {
    Path audit = Tool.path("ssh-audit");
    RelayProcess relay = RelayProcess.common();
    try (AgentProcess agent = AgentProcess.start(relay, temp, "audit");
        Route.Way way = Route.TCPTOWS.open(relay, agent.id());
        Child child =
            Child.start(
                temp,
                Map.of(),
                List.of(
                    audit.toString(),
                    "-b",
                    "-n",
                    "-p",
                    way.options().get(0).replace("-oPort=", ""),
                    "127.0.0.1"))) {
      child.exit();
      List<String> complaints =
          child
              .out()
              .lines()
              .filter(line -> line.contains("[fail]") || line.contains("[warn]"))
              .filter(line -> !UNKNOWN.matcher(line).matches())
              .filter(line -> !YOUNG.matcher(line).matches())
              .filter(line -> !CLASSICAL.matcher(line).matches())
              .collect(Collectors.toList());

      assertThat(complaints).as("%s", child).isEmpty();
      assertThat(child.out())
          .contains("SSH-2.0-Converge", "(key) ssh-ed25519", "(enc) aes128-gcm@openssh.com")
          .containsPattern("(?s)\\(kex\\) mlkem768x25519-sha256.*\\(kex\\) sntrup761x25519-sha512")
          .contains("kex-strict-s-v00@openssh.com");
    }
  }
}
