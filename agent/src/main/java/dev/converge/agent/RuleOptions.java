package dev.converge.agent;

import dev.converge.cli.Flag;
import dev.converge.cli.Flags;
import dev.converge.cli.TextConverter;

/** The options that hold for all who enter, for showing something to many. */
final class RuleOptions {
  private final Flag<Boolean> readOnly;
  private final Flag<String> command;

  RuleOptions(Flags flags) {
    readOnly =
        flags.toggle(
            "--read-only",
            "Let clients look, but change nothing: what they type is thrown away, commands are"
                + " refused (but that of --force-command), sftp and scp only read, nothing is"
                + " forwarded.");
    command =
        flags.option(
            "--force-command",
            "COMMAND",
            new TextConverter(),
            "Run this, whatever a client asks for; what that was is in SSH_ORIGINAL_COMMAND. Sftp"
                + " is refused, unless this is internal-sftp, and nothing is forwarded.");
  }

  Rules rules() {
    return new Rules(readOnly.value(), command.valueOrNull(), LoginLimits.USUAL);
  }
}
