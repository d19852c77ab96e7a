package dev.converge.agent;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that hold for all who enter, for showing something to many. */
final class RuleOptions {
  @Option(
      names = "--read-only",
      description =
          "Let clients look, but change nothing: what they type is thrown away, commands are"
              + " refused (but that of --force-command), sftp and scp only read, nothing is"
              + " forwarded.")
  private boolean readOnly;

  @Option(
      names = "--force-command",
      paramLabel = "COMMAND",
      description =
          "Run this, whatever a client asks for; what that was is in SSH_ORIGINAL_COMMAND. Sftp is"
              + " refused, unless this is internal-sftp, and nothing is forwarded.")
  private @Nullable String command;

  Rules rules() {
    return new Rules(readOnly, command, LoginLimits.USUAL);
  }
}
