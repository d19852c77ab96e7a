package dev.converge.agent;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.scp.common.helpers.DefaultScpFileOpener;
import org.apache.sshd.scp.server.ScpCommandFactory;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;

/** Turns the requests on session channels into commands. */
final class Commands {
  private static final String ORIGINAL = "SSH_ORIGINAL_COMMAND";

  /** As OpenSSH's ForceCommand knows it: the sftp server that is built in. */
  private static final String SFTP = "internal-sftp";

  /** What an scp client starts at the other end. */
  private static final Pattern SCP = Pattern.compile("scp( -[a-zA-Z]+)* -[a-zA-Z]*[tf]( .*)?");

  private static final String LOOK =
      "Converge: this session is read-only, what you type is thrown away. Enter ~ . leaves.\n";

  /** How an scp client fetches a file; nothing in the options that would make it bring one. */
  private static final Pattern SCP_FETCH =
      Pattern.compile("scp( -[a-su-zA-Z]+)* -[a-su-zA-Z]*f( -[a-su-zA-Z]+)*( --)? [^-\\s].*");

  private final Shells shells;
  private final SessionEvents events;
  private final ProcessCommand.Host host;
  private final ScpCommandFactory scp;
  private final Sftp sftp = new Sftp();

  Commands(Shells shells, SessionEvents events, ProcessCommand.Host host) {
    this.shells = shells;
    this.events = events;
    this.host = host;
    scp =
        new ScpCommandFactory.Builder()
            .withFileOpener(new StartDirectory(shells.directory()))
            .build();
  }

  void install(SshServer server) {
    server.setShellFactory(channel -> shell((SessionChannel) channel));
    server.setCommandFactory((channel, line) -> command((SessionChannel) channel, line));
    server.setSubsystemFactories(List.of(sftp));
  }

  private Command shell(SessionChannel channel) {
    String forced = Permissions.of(channel.getSession()).command();
    if (forced != null) {
      return forced.equals(SFTP) ? files(channel) : run(channel, forced);
    }
    String greeting = channel.terminal() == null ? "" : greeting(channel);
    return new ProcessCommand(
        channel, shells.login(channel.variables(), channel.terminal()), greeting, host);
  }

  private String greeting(SessionChannel channel) {
    return Rules.of(channel.getSession()).readOnly() ? LOOK : events.greeting();
  }

  private Command command(SessionChannel channel, String line) throws IOException {
    String forced = Permissions.of(channel.getSession()).command();
    if (forced != null) {
      return forced.equals(SFTP) ? files(channel) : forced(channel, forced, line);
    }
    if (Rules.of(channel.getSession()).readOnly()) {
      return SCP_FETCH.matcher(line).matches()
          ? scp.createCommand(channel, line)
          : new RefusedCommand("this session is read-only: no commands");
    }
    // The scp of old clients needs an scp here too, which the job's machine may not have.
    return SCP.matcher(line).matches() && !shells.has("scp")
        ? scp.createCommand(channel, line)
        : run(channel, line);
  }

  private Command forced(SessionChannel channel, String forced, String original) {
    channel.variables().put(ORIGINAL, original);
    return run(channel, forced);
  }

  private Command run(SessionChannel channel, String line) {
    Map<String, String> variables = new TreeMap<>(channel.variables());
    return new ProcessCommand(
        channel, shells.command(line, variables, channel.terminal()), "", host);
  }

  private final class Sftp extends SftpSubsystemFactory {
    @Override
    public Command createSubsystem(ChannelSession channel) throws IOException {
      String forced = Permissions.of(channel.getSession()).command();
      if (forced == null || forced.equals(SFTP)) {
        return files(channel);
      }
      return Rules.of(channel.getSession()).command() == null
          ? forced((SessionChannel) channel, forced, SFTP)
          : new RefusedCommand("this session runs one command only: no sftp");
    }
  }

  private Command files(ChannelSession channel) {
    return Rules.of(channel.getSession()).readOnly()
        ? new ReadOnlyFiles(channel, sftp, shells.directory())
        : new SftpFiles(channel, sftp, shells.directory());
  }

  private static final class StartDirectory extends DefaultScpFileOpener {
    private final Path directory;

    StartDirectory(Path directory) {
      this.directory = directory;
    }

    @Override
    public Path resolveLocalPath(Session session, FileSystem fileSystem, String path) {
      return directory.resolve(path).normalize();
    }
  }
}
