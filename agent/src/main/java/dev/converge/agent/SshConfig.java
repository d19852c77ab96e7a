package dev.converge.agent;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the SSH side.
 *
 * @param directory where shells, commands and sftp start; exported to them as {@code agentdir}
 * @param keys whose keys let in
 * @param password what a client may log in with; none means that no password is asked for
 * @param hostKey the private key of the server; none means a new one for this run
 * @param shell the program for shells and commands; none means {@code $SHELL}, else bash, else sh
 * @param forwarding whether ports and Unix sockets may be forwarded
 * @param environment the environment of the job; the agent's own settings are taken out of it
 */
record SshConfig(
    Path directory,
    KeyConfig keys,
    @Nullable String password,
    @Nullable Path hostKey,
    @Nullable String shell,
    boolean forwarding,
    Map<String, String> environment) {

  SshConfig {
    if (keys.isEmpty() && password == null) {
      throw new IllegalArgumentException("nobody could log in: neither a password nor keys");
    }
    if (password != null && password.isEmpty()) {
      throw new IllegalArgumentException("password: empty (expected: at least 1 character)");
    }
    directory = directory.toAbsolutePath().normalize();
    environment = Map.copyOf(environment);
  }

  @Override
  public String toString() {
    return "SshConfig[" + directory + ", forwarding=" + forwarding + "]";
  }
}
