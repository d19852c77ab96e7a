package dev.converge.agent;

import dev.converge.tunnel.ConnectOptions;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say who may enter, and what they find. */
final class LoginOptions {
  @Mixin private KeyOptions keys = new KeyOptions();

  @Option(
      names = "--host-key",
      paramLabel = "FILE",
      description =
          "The private host key, as ssh-keygen makes it (default: a new one for each run).")
  private @Nullable Path hostKey;

  @Option(
      names = "--shell",
      paramLabel = "PROGRAM",
      description = "The shell for those who enter (default: $SHELL, else bash, else sh).")
  private @Nullable String shell;

  @Option(
      names = "--no-forwarding",
      description = "Refuse to forward ports and Unix sockets, in both directions.")
  private boolean noForwarding;

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
        directory, keys.config(connect), password, hostKey, shell, !noForwarding, environment);
  }
}
