package dev.converge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines of authorized_keys: one that is let in means what sshd takes it to mean. */
final class KeyLineFuzz {
  private static final String KEY =
      "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEdkRapHxNrS46hbwuNw"
          + "jXNeGhcNLG6VuZ8Io5drYasZ08u6rkbzlmbIGQvJGPN62SRQiUaVqYM9HF3qq6a6YuI= me@here";

  @ValueSource(
      strings = {
        "",
        "restrict,command=\"echo \\\"a, b\\\"\" ",
        "no-pty,No-Port-Forwarding,no-agent-forwarding\t",
        "no-x11-forwarding,no-user-rc ",
        "no-pty no-user-rc ",
        "no-pty\r ",
        "no-pty,",
        "command=\"a ssh-rsa AAAA b\" ",
        "command=\"a\\\\\" restrict\" ",
        "command=\"x\",command=\"y\" ",
        "from=\"10.0.0.0/8\" ",
        "cert-authority ",
        "!no-pty ",
        ",no-pty ",
        "no-pty, ",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 ",
        "ssh-rsa AAAA",
        "sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29t ",
        "ssh-rsa-cert-v01@openssh.com AAAAHHNzaC1yc2EtY2VydC12MDFAb3BlbnNzaC5jb20= ",
        "# \u001b[2J",
      })
  @FuzzTest
  void lineMeansWhatItMeansToSshdOrLetsNobodyIn(@NotNull String text) {
    check(text);
    check(text + KEY);
  }

  private static void check(String line) {
    Map<String, String> options;
    try {
      options = KeyLine.parse(line).options();
    } catch (IllegalArgumentException e) {
      return; // Lets nobody in.
    }
    if (!options.isEmpty()) {
      assertThat(options).isEqualTo(asSshdReads(line.strip()));
    }
    Permissions.ofOptions(options).ifPresent(allowed -> assertNarrowed(allowed, options));
  }

  private static void assertNarrowed(Permissions allowed, Map<String, String> options) {
    boolean restrict = options.containsKey("restrict");
    assertThat(allowed)
        .isEqualTo(
            new Permissions(
                !restrict && !options.containsKey("no-pty"),
                !restrict && !options.containsKey("no-port-forwarding"),
                !restrict && !options.containsKey("no-agent-forwarding"),
                options.get("command")));
  }

  /** The options in front of the first blank that is not quoted. */
  private static Map<String, String> asSshdReads(String line) {
    Map<String, String> options = new LinkedHashMap<>();
    boolean quoted = false;
    int start = 0;
    for (int i = 0; ; i++) {
      char c = line.charAt(i);
      if (c == '\\' && line.charAt(i + 1) == '"') {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && (c == ',' || c == ' ' || c == '\t')) {
        String[] option = line.substring(start, i).split("=", 2);
        options.put(option[0].toLowerCase(Locale.ROOT), option.length < 2 ? "" : value(option[1]));
        start = i + 1;
        if (c != ',') {
          return options;
        }
      }
    }
  }

  private static String value(String quoted) {
    return quoted.substring(1, quoted.length() - 1).replace("\\\"", "\"");
  }
}
