package dev.converge.agent;

import dev.converge.cli.Flag;
import dev.converge.cli.Flags;
import dev.converge.cli.PathConverter;
import dev.converge.cli.TextConverter;
import dev.converge.tunnel.ConnectOptions;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The options that say who may enter, and what they find. */
final class LoginOptions {
  private final KeyOptions keys;
  private final Flag<Path> hostKey;
  private final Flag<String> shell;
  private final Flag<Boolean> noForwarding;

  LoginOptions(Flags flags) {
    keys = new KeyOptions(flags);
    hostKey =
        flags.option(
            "--host-key",
            "FILE",
            new PathConverter(),
            "The private host key, as ssh-keygen makes it (default: a new one for each run).");
    shell =
        flags.option(
            "--shell",
            "PROGRAM",
            new TextConverter(),
            "The shell for those who enter (default: $SHELL, else bash, else sh).");
    noForwarding =
        flags.toggle(
            "--no-forwarding", "Refuse to forward ports and Unix sockets, in both directions.");
  }

  /** Whether a password has to be made, if none is given, because nobody could log in otherwise. */
  boolean needsPassword() {
    return !keys.given();
  }

  /**
   * @param connect how keys are fetched
   */
  SshConfig config(
      Path directory,
      @Nullable String password,
      ConnectOptions connect,
      Map<String, String> environment) {
    return new SshConfig(
        directory,
        keys.config(connect),
        password,
        hostKey.valueOrNull(),
        shell.valueOrNull(),
        !noForwarding.value(),
        environment);
  }
}
